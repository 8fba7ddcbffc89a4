/** Verbs by which people talk about a change. */
@NullMarked
package countersign.cli.change.discussion;

import org.jspecify.annotations.NullMarked;
