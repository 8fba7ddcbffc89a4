/** Where an audit begins: what is taken for true, and what is kept for the next one. */
@NullMarked
package countersign.audit.start;

import org.jspecify.annotations.NullMarked;
