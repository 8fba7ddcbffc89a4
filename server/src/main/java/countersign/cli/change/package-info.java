/** The verbs about one change, from its first file to its rollback. */
@NullMarked
package countersign.cli.change;

import org.jspecify.annotations.NullMarked;
