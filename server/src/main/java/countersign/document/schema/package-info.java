/** The JSON Schemas of the kinds, and what they find said in plain words. */
@NullMarked
package countersign.document.schema;

import org.jspecify.annotations.NullMarked;
