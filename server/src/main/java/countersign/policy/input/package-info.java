/** What policies judge: a change, the paths that it touches, and what rules may ask of the tree around them. */
@NullMarked
package countersign.policy.input;

import org.jspecify.annotations.NullMarked;
