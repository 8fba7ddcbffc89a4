/** What all routes share: who calls, what a request and an answer are, and how a refusal looks. */
@NullMarked
package countersign.web.http;

import org.jspecify.annotations.NullMarked;
