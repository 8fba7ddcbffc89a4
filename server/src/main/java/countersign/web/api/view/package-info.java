/** What the API shows of changes and their gates, as records that become JSON. */
@NullMarked
package countersign.web.api.view;

import org.jspecify.annotations.NullMarked;
