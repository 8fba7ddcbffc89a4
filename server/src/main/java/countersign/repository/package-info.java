/** Snapshots, commits, refs: the interfaces of versioned storage. */
@NullMarked
package countersign.repository;

import org.jspecify.annotations.NullMarked;
