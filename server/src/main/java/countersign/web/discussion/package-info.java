/** Comments over HTTP. */
@NullMarked
package countersign.web.discussion;

import org.jspecify.annotations.NullMarked;
