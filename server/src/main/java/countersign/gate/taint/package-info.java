/** What compromised keys and bad merges leave doubtful: merges, grants that they gave, and paths as they left them. */
@NullMarked
package countersign.gate.taint;

import org.jspecify.annotations.NullMarked;
