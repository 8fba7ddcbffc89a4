/** The activity log: who signed in, used tokens, was refused, and administered; a log of its own that forgets in time. */
@NullMarked
package countersign.activity;

import org.jspecify.annotations.NullMarked;
