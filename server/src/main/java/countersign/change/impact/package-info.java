/** What a change reaches by the references between documents, apart from what its author says that it reaches. */
@NullMarked
package countersign.change.impact;

import org.jspecify.annotations.NullMarked;
