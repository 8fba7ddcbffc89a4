package countersign.policy.testing;

import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.input.Lookups;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a test gives to be asked for by name.
 *
 * @param inventory documents
 * @param failures one for each change that failed
 */
record GivenLookups(List<Document> inventory, List<Failure> failures) implements Lookups {
    /** That a change failed at a system. */
    record Failure(String system, Instant at) {}

    @Override
    public Optional<Document> find(Kind kind, String name) {
        return inventory.stream()
                .filter(document -> document.kind() == kind && document.name().equals(name))
                .findFirst();
    }

    @Override
    public long failures(String system, Instant behind) {
        return failures.stream()
                .filter(failure ->
                        failure.system().equals(system) && failure.at().isAfter(behind))
                .count();
    }
}
