/** Who must sign what, and whether they did: requirements, the gate's record, and the verifier. */
@NullMarked
package countersign.gate;

import org.jspecify.annotations.NullMarked;
