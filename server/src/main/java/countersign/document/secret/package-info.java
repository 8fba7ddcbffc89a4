/** What must never enter history: how it is found, and how it is hidden where it is shown. */
@NullMarked
package countersign.document.secret;

import org.jspecify.annotations.NullMarked;
