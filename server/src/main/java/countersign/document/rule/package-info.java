/** What a schema can't say about one document: dates in their order, lists without twins, parts that fit each other. */
@NullMarked
package countersign.document.rule;

import org.jspecify.annotations.NullMarked;
