/** Strict YAML as a tree that remembers where every value stands. */
@NullMarked
package countersign.codec.yaml;

import org.jspecify.annotations.NullMarked;
