/** The way back when the people who decide about trust can't: merges that the offline recovery keys sign. */
@NullMarked
package countersign.gate.recovery;

import org.jspecify.annotations.NullMarked;
