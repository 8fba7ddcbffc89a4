/** Webhooks over HTTP. */
@NullMarked
package countersign.web.notify;

import org.jspecify.annotations.NullMarked;
