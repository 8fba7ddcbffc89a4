/** Projections and operational state in SQL. */
@NullMarked
package countersign.store;

import org.jspecify.annotations.NullMarked;
