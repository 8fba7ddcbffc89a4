/** What applying takes from the record log and gives to it: merges and signed receipts. */
@NullMarked
package countersign.apply.record;

import org.jspecify.annotations.NullMarked;
