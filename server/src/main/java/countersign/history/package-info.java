/** What was merged, found by path, document, system, target, person, key, classification, environment, time and words. */
@NullMarked
package countersign.history;

import org.jspecify.annotations.NullMarked;
