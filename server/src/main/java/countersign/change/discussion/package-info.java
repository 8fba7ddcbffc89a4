/** What people say to each other about a change: comments, in threads. */
@NullMarked
package countersign.change.discussion;

import org.jspecify.annotations.NullMarked;
