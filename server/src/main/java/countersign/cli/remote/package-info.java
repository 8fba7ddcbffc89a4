/** What a verb reaches outside this process: the server over HTTP, the user's own clone, and Git. */
@NullMarked
package countersign.cli.remote;

import org.jspecify.annotations.NullMarked;
