/** Templates of standard changes: what one allows, what it says, and how far a named person delegates by it. */
@NullMarked
package countersign.gate.template;

import org.jspecify.annotations.NullMarked;
