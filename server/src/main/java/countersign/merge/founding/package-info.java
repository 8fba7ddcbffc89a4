/** How repositories begin: from documents, or as copies of others. */
@NullMarked
package countersign.merge.founding;

import org.jspecify.annotations.NullMarked;
