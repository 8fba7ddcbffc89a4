/** The verbs about people's keys. */
@NullMarked
package countersign.cli.key;

import org.jspecify.annotations.NullMarked;
