package countersign.document;

import countersign.codec.Refusal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version that can be compared: numbers with dots, then perhaps a dash and a word for what came before it, as
 * {@code 2.4.0-rc1}. Missing numbers are 0.
 *
 * @param numbers its numbers
 * @param early the word after the dash; empty for the version itself
 */
public record VersionNumber(List<BigInteger> numbers, String early) implements Comparable<VersionNumber> {
    private static final Pattern FORM =
            Pattern.compile("v?([0-9]{1,18}(?:\\.[0-9]{1,18}){0,7})(?:-([0-9A-Za-z.-]{1,64}))?");

    public VersionNumber {
        numbers = List.copyOf(numbers);
    }

    /** Reads a version; a Refusal {@code wrong-version} if it can't be compared. */
    public static VersionNumber parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new Refusal(
                    "wrong-version",
                    "\"" + text + "\" is no version that can be compared",
                    "write numbers with dots, such as 2.4.0 or 2.4.0-rc1");
        }
        List<BigInteger> numbers = Arrays.stream(matcher.group(1).split("\\.", -1))
                .map(BigInteger::new)
                .toList();
        return new VersionNumber(numbers, matcher.group(2) == null ? "" : matcher.group(2));
    }

    @Override
    public int compareTo(VersionNumber other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = number(i).compareTo(other.number(i));
            if (order != 0) {
                return order;
            }
        }
        if (early.isEmpty() || other.early.isEmpty()) {
            return Boolean.compare(early.isEmpty(), other.early.isEmpty());
        }
        return early.compareTo(other.early);
    }

    /** Whether both name the same version, as {@code 2.4} and {@code 2.4.0} do. */
    public boolean sameAs(VersionNumber other) {
        return compareTo(other) == 0;
    }

    private BigInteger number(int index) {
        return index < numbers.size() ? numbers.get(index) : BigInteger.ZERO;
    }
}
