/** People, roles and grants: who may do what, where and when, read from a tree. */
@NullMarked
package countersign.access;

import org.jspecify.annotations.NullMarked;
