package countersign.document.reader;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.document.Document;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in one file.
 *
 * @param document the document; null if the file holds none or if a finding blocks
 * @param findings every finding, warnings included, in the order of their places
 */
public record Inspection(@Nullable Document document, List<Finding> findings) {
    private static final Comparator<Finding> BY_PLACE = Comparator.comparing(
            Finding::place,
            Comparator.nullsFirst(Comparator.comparingInt(Place::line).thenComparingInt(Place::column)));

    public Inspection {
        findings = findings.stream().sorted(BY_PLACE).toList();
    }

    public boolean blocks() {
        return findings.stream().anyMatch(Finding::blocks);
    }
}
