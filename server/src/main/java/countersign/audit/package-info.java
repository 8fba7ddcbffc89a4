/** Verifies and reads the history: offline verification of a clone, history, reports. */
@NullMarked
package countersign.audit;

import org.jspecify.annotations.NullMarked;
