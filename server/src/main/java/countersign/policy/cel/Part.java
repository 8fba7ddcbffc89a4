package countersign.policy.cel;

import countersign.codec.Place;

/**
 * A part of an expression, as the parser sees it.
 *
 * @param id its number within the expression
 * @param text the part, written out on one line
 * @param place where it stands in its file: at its operator, or at its beginning
 * @param condition whether it comes to true or false
 */
public record Part(long id, String text, Place place, boolean condition) {}
