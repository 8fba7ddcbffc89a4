/** The verbs that judge a folder of documents offline. */
@NullMarked
package countersign.cli.folder;

import org.jspecify.annotations.NullMarked;
