/** Plans, jobs, health, receipts and rollback: brings merged changes to their targets. */
@NullMarked
package countersign.apply;

import org.jspecify.annotations.NullMarked;
