/** A proposed change: manifest, statements, requirements, gate, verifier, states. */
@NullMarked
package countersign.change;

import org.jspecify.annotations.NullMarked;
