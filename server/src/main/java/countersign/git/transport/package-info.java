/** Git's smart HTTP protocol: fetching, and pushes that lie in a quarantine until somebody has judged them. */
@NullMarked
package countersign.git.transport;

import org.jspecify.annotations.NullMarked;
