/** The file that a log's entries are forced to, where each entry is in it, and from where it need not be read again. */
@NullMarked
package countersign.log.journal;

import org.jspecify.annotations.NullMarked;
