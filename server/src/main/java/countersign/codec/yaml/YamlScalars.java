package countersign.codec.yaml;

import countersign.codec.Finding;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The meaning of plain scalars in the core schema of YAML 1.2.2 (§10.3), and which of them are refused or warned of. */
final class YamlScalars {
    private static final int MAX_NUMBER_LENGTH = 100;
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]{1,100}|[0-9]{1,100}(\\.[0-9]{0,100})?)([eE][-+]?[0-9]{1,5})?");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final Pattern SEXAGESIMAL = Pattern.compile("[-+]?[0-9]{1,18}(:[0-5]?[0-9]){1,9}(\\.[0-9]{0,18})?");
    private static final Pattern UNDERSCORED = Pattern.compile("[-+]?[0-9][0-9_]{0,100}");
    private static final Set<String> WORDS = Set.of("yes", "no", "on", "off", "y", "n");

    private YamlScalars() {}

    /** Null, Boolean, Long, BigInteger, Double or the text itself. Ask {@link #problem} first. */
    static @Nullable Object value(String plain) {
        if (isNumberStart(plain)) {
            return number(plain);
        }
        return switch (plain) {
            case "", "~", "null", "Null", "NULL" -> null;
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> plain;
        };
    }

    /** Why a plain scalar is refused; a finding without a place, or null. */
    static @Nullable Finding problem(String plain) {
        if (!isNumberStart(plain)) {
            return null;
        }
        if (NOT_FINITE.matcher(plain).matches() || isInfinite(plain)) {
            return Finding.error("not-a-finite-number", "this is not a finite number")
                    .withWayOut("write a finite number, or quote it if it is text");
        }
        if (hasLeadingZero(plain)) {
            return Finding.error(
                            "leading-zero",
                            "a number with a leading zero is octal to some readers and decimal to others")
                    .withWayOut("quote it if it is text such as a file mode, or drop the zeros");
        }
        if (plain.length() > MAX_NUMBER_LENGTH && (isDigits(plain, 1) || isHexadecimal(plain))) {
            return Finding.error(
                    "number-too-long", "a number has " + plain.length() + " digits, at most " + MAX_NUMBER_LENGTH);
        }
        return null;
    }

    /** Why other readers may take a plain scalar for something else; null if they agree. */
    static @Nullable String doubt(String plain) {
        if (plain.length() <= 3 && WORDS.contains(plain.toLowerCase(Locale.ROOT))) {
            return shown(plain) + " is text here, but true or false to readers of YAML 1.1";
        }
        if (!isNumberStart(plain)) {
            return null;
        }
        if (SEXAGESIMAL.matcher(plain).matches()) {
            return "this is text here, but a number of base 60 to readers of YAML 1.1";
        }
        if (plain.indexOf('_') > 0 && UNDERSCORED.matcher(plain).matches()) {
            return "this is text here, but a number to readers of YAML 1.1";
        }
        return isOctal(plain) ? "this is a number here, but text to readers of YAML 1.1" : null;
    }

    static String shown(String text) {
        String start = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        return "\"" + start + "\"";
    }

    private static boolean isNumberStart(String plain) {
        if (plain.isEmpty()) {
            return false;
        }
        char c = plain.charAt(0);
        return isDigit(c) || isSign(c) || c == '.';
    }

    private static Object number(String plain) {
        if (isDigits(plain, isSign(plain.charAt(0)) ? 1 : 0)) {
            return integer(plain.charAt(0) == '+' ? plain.substring(1) : plain, 10);
        }
        if (isHexadecimal(plain)) {
            return integer(plain.substring(2), 16);
        }
        if (isOctal(plain)) {
            return integer(plain.substring(2), 8);
        }
        return FLOAT.matcher(plain).matches() ? (Object) Double.valueOf(plain) : plain;
    }

    private static Object integer(String digits, int radix) {
        if (digits.length() <= 15) {
            return Long.parseLong(digits, radix);
        }
        BigInteger number = new BigInteger(digits, radix);
        return number.bitLength() < 64 ? (Object) number.longValueExact() : number;
    }

    private static boolean hasLeadingZero(String plain) {
        int start = isSign(plain.charAt(0)) ? 1 : 0;
        boolean zeroAndDigit =
                plain.length() > start + 1 && plain.charAt(start) == '0' && isDigit(plain.charAt(start + 1));
        return zeroAndDigit && (isDigits(plain, start) || FLOAT.matcher(plain).matches());
    }

    private static boolean isInfinite(String plain) {
        return FLOAT.matcher(plain).matches() && Double.isInfinite(Double.parseDouble(plain));
    }

    private static boolean isHexadecimal(String plain) {
        return plain.length() > 2
                && plain.startsWith("0x")
                && plain.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
    }

    private static boolean isOctal(String plain) {
        return plain.length() > 2
                && plain.startsWith("0o")
                && plain.chars().skip(2).allMatch(c -> c >= '0' && c <= '7');
    }

    private static boolean isSign(char c) {
        return c == '-' || c == '+';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isDigits(String plain, int from) {
        for (int i = from; i < plain.length(); i++) {
            if (!isDigit(plain.charAt(i))) {
                return false;
            }
        }
        return plain.length() > from;
    }
}
