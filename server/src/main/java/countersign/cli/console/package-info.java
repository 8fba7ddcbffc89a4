/** What all verbs share: exit codes, where words go, and how findings and failures are shown. */
@NullMarked
package countersign.cli.console;

import org.jspecify.annotations.NullMarked;
