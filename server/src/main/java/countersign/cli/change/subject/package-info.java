/** The change that a verb is about: its name, what the server tells of it, and its effect in the clone and in words. */
@NullMarked
package countersign.cli.change.subject;

import org.jspecify.annotations.NullMarked;
