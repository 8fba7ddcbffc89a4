/** The kinds of documents, their schemas, paths and differences. No input or output. */
@NullMarked
package countersign.document;

import org.jspecify.annotations.NullMarked;
