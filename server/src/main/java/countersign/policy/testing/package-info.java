/** Tests of policies, written in YAML beside them: cases, what each expects, and what the engine really says. */
@NullMarked
package countersign.policy.testing;

import org.jspecify.annotations.NullMarked;
