/** A place that configuration is applied to: the driver's interface and the drivers. */
@NullMarked
package countersign.target;

import org.jspecify.annotations.NullMarked;
