/** The HTTP edge: routes, authentication, problems, Git transport. */
@NullMarked
package countersign.web;

import org.jspecify.annotations.NullMarked;
