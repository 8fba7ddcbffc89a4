/** What the log says beside the votes about a change that bears on its merge. */
@NullMarked
package countersign.gate.circumstance;

import org.jspecify.annotations.NullMarked;
