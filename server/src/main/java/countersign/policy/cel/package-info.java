/** The dialect of CEL that policies are written in: its variables, types and bounds, and where a text stands in its file. */
@NullMarked
package countersign.policy.cel;

import org.jspecify.annotations.NullMarked;
