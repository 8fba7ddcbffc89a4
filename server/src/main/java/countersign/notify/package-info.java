/** Webhooks: events as signed messages to whoever subscribed, tried until they arrive or long fail. */
@NullMarked
package countersign.notify;

import org.jspecify.annotations.NullMarked;
