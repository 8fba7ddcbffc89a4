package countersign.document.rule;

import countersign.codec.Finding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key whose dates, state, size and custodians do not contradict each other (NIST SP 800-57 part 1). */
final class KeyRules {
    private static final int MASTER_CUSTODIANS = 2;
    private static final Set<String> SAME_SIZE = Set.of("AES", "SM4", "RSA", "ECDSA", "ECDH");
    private static final Map<String, Integer> FIXED = Map.of(
            "Ed25519", 256, "X25519", 256, "Ed448", 456, "X448", 448, "SM2", 256, "SM4", 128, "ChaCha20-Poly1305", 256);
    private static final Pattern SIZED = Pattern.compile("([A-Za-z0-9]+)-(?:[A-Z]+-)*P?([0-9]{3,4})(?:-[A-Z]+)?");

    /** Dates that a state excludes. */
    private static final Map<String, List<String>> EXCLUDED = Map.of(
            "pre-activation", List.of("activated", "deactivated", "destroyed"),
            "active", List.of("deactivated", "compromised", "destroyed"),
            "suspended", List.of("deactivated", "destroyed"),
            "deactivated", List.of("destroyed"));

    private KeyRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>();
        checkDates(spec, findings);
        checkState(spec, findings);
        checkSize(spec, findings);
        checkPeople(spec, findings);
        return findings;
    }

    private static void checkDates(Part spec, List<Finding> findings) {
        findings.addAll(Moments.inOrder(spec, "created", "activated", "protectStop", "processStop", "expires"));
        findings.addAll(Moments.inOrder(spec, "activated", "deactivated", "archived", "destroyed"));
        findings.addAll(Moments.inOrder(spec, "created", "compromised", "revocation/at"));
        findings.addAll(Moments.inOrder(spec, "certificate/notBefore", "certificate/notAfter"));
        Optional<Part> earlier = Optional.empty();
        for (Part event : spec.child("history").elements()) {
            Part now = event.child("at");
            earlier.filter(before -> Moments.end(now.text().orElseThrow())
                            .isBefore(Moments.start(before.text().orElseThrow())))
                    .ifPresent(before -> findings.add(now.finding(
                            "dates-out-of-order", "is before " + before.name() + "; the oldest event stands first")));
            earlier = Optional.of(now);
        }
    }

    private static void checkState(Part spec, List<Finding> findings) {
        String state = spec.child("state").text().orElseThrow();
        for (String date : EXCLUDED.getOrDefault(state, List.of())) {
            if (spec.child(date).exists()) {
                findings.add(
                        spec.child(date).finding("state-contradicts-dates", "stands there, but the state is " + state));
            }
        }
    }

    private static void checkSize(Part spec, List<Finding> findings) {
        String algorithm = spec.child("algorithm").text().orElseThrow();
        Part size = spec.child("size");
        OptionalInt expected = size(algorithm);
        size.number()
                .filter(bits -> expected.isPresent() && bits != expected.getAsInt())
                .ifPresent(bits -> findings.add(size.finding(
                        "size-contradicts-algorithm",
                        "is " + bits + " bits, but " + algorithm + " has " + expected.getAsInt())));
    }

    private static OptionalInt size(String algorithm) {
        Optional<Integer> fixed = Arrays.stream(new String[] {algorithm, algorithm.replaceAll("-.*", "")})
                .filter(FIXED::containsKey)
                .map(FIXED::get)
                .findFirst();
        if (fixed.isPresent()) {
            return OptionalInt.of(fixed.get());
        }
        Matcher sized = SIZED.matcher(algorithm);
        return sized.matches() && SAME_SIZE.contains(sized.group(1))
                ? OptionalInt.of(Integer.parseInt(sized.group(2)))
                : OptionalInt.empty();
    }

    private static void checkPeople(Part spec, List<Finding> findings) {
        Part custodians = spec.child("custodians");
        int people = custodians.elements().size();
        if (spec.child("type").is("symmetric-master") && people < MASTER_CUSTODIANS) {
            findings.add(custodians.finding(
                    "too-few-custodians", "are " + people + ", a master key needs " + MASTER_CUSTODIANS));
        }
        Part threshold = spec.below("backup/threshold");
        long parts = spec.below("backup/parts").number().orElse(Long.MAX_VALUE);
        threshold
                .number()
                .filter(needed -> needed > parts)
                .ifPresent(needed -> findings.add(threshold.finding(
                        "threshold-too-high", "is " + needed + ", but there are only " + parts + " parts")));
    }
}
