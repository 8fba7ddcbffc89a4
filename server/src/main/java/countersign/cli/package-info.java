/** The commands, their exit codes and the console. */
@NullMarked
package countersign.cli;

import org.jspecify.annotations.NullMarked;
