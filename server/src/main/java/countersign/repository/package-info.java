/** Snapshots, commits, refs: the interfaces of versioned storage and the in-memory one. */
@NullMarked
package countersign.repository;

import org.jspecify.annotations.NullMarked;
