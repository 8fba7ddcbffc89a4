/** A change as it stands, and where changes are kept. */
@NullMarked
package countersign.change.store;

import org.jspecify.annotations.NullMarked;
