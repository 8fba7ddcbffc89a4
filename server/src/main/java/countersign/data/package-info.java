/** The folder that holds everything a server keeps: its lock, keys and database, and what is done to it at rest. */
@NullMarked
package countersign.data;

import org.jspecify.annotations.NullMarked;
