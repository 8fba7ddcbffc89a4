package countersign.git.transport;

/** Text for the terminal of somebody who pushes. */
final class Terminal {
    private Terminal() {}

    /** The text with all characters escaped that would steer a terminal or reorder what is read. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (steers(point)) {
                plain.append("\\u{%x}".formatted(point));
            } else {
                plain.appendCodePoint(point);
            }
        });
        return plain.toString();
    }

    private static boolean steers(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> point != '\t';
            default -> false;
        };
    }
}
