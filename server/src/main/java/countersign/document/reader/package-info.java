/** Reads bytes as documents: path, YAML, schema and content rules in one pass, every finding with its place. */
@NullMarked
package countersign.document.reader;

import org.jspecify.annotations.NullMarked;
