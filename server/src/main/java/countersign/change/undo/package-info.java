/** Changes that take back what was merged: their edits, and the requests that say so. */
@NullMarked
package countersign.change.undo;

import org.jspecify.annotations.NullMarked;
