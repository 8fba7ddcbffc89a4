/** Keys, SSHSIG signatures, signed notes: sign, verify, and say why something is not trusted. */
@NullMarked
package countersign.signing;

import org.jspecify.annotations.NullMarked;
