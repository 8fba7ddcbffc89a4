/** The JSON API under /api/v1: routes, request and view records. */
@NullMarked
package countersign.web.api;

import org.jspecify.annotations.NullMarked;
