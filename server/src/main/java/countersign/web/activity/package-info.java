/** The activity log over HTTP, for auditors. */
@NullMarked
package countersign.web.activity;

import org.jspecify.annotations.NullMarked;
