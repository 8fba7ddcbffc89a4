/** Verbs about what happens, and who is told of it. */
@NullMarked
package countersign.cli.event;

import org.jspecify.annotations.NullMarked;
