/** The verbs of whoever has the data folder: begin one, serve it, keep it safe, and let people in. */
@NullMarked
package countersign.cli.data;

import org.jspecify.annotations.NullMarked;
