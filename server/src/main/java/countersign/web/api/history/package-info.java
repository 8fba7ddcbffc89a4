/** What was merged, over HTTP: as JSON and as lines of CSV. */
@NullMarked
package countersign.web.api.history;

import org.jspecify.annotations.NullMarked;
