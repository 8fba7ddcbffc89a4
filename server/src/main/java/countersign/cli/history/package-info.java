/** The verbs about the past: what was merged, why a path is as it is, what stood there, who could have approved it. */
@NullMarked
package countersign.cli.history;

import org.jspecify.annotations.NullMarked;
