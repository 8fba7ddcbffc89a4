/** The emergency road: merges that few people signed at once, and the signatures that they still owe. */
@NullMarked
package countersign.gate.emergency;

import org.jspecify.annotations.NullMarked;
