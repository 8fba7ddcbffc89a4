package countersign.merge;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.overlay.Overlays;
import countersign.gate.Requirements;
import countersign.manifest.SystemUnits;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyResult;
import countersign.policy.Waiver;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the waivers of a tree stand: which of them end soon, and which excuse nothing any more. Thread-safe. */
public final class Waivers {
    /** So long before its end a waiver is said to end soon. */
    public static final Duration SOON = Duration.ofDays(14);

    private static final List<Kind> APART = List.of(Kind.CHANGE_REQUEST, Kind.SYSTEM_CONFIG, Kind.REPOSITORY);

    private final DocumentReader documents;
    private final PolicyViews views;
    private final PolicyEngine policies;
    private final SystemUnits systems;

    public Waivers(DocumentReader documents, Requirements requirements, PolicyEngine policies) {
        this.documents = documents;
        this.views = new PolicyViews(documents, requirements);
        this.policies = policies;
        this.systems = new SystemUnits(documents);
    }

    /** Where a waiver is in its time. */
    public enum Standing {
        PENDING,
        ACTIVE,
        /** Counts for less than {@link #SOON}. */
        EXPIRING,
        EXPIRED
    }

    /**
     * A waiver.
     *
     * @param path path of its document
     * @param waiver what it says
     * @param reason why it was given
     * @param standing where it is in its time
     * @param excuses how many findings about documents as they are it excuses; null if its policy judges changes, or it does
     *     not count now
     */
    public record Reviewed(
            String path,
            Waiver waiver,
            String reason,
            Standing standing,
            @Nullable Integer excuses) {}

    /** Every waiver of a tree at a time, the first to end first. */
    public List<Reviewed> list(Snapshot tree, Instant now) {
        List<Policy> all = views.policies(tree);
        List<Reviewed> reviewed = new ArrayList<>();
        for (Document document : documents.list(tree, Kind.WAIVER.folder())) {
            if (document.kind() == Kind.WAIVER) {
                find(document).ifPresent(waiver -> reviewed.add(review(tree, now, document, waiver, all)));
            }
        }
        reviewed.sort(
                (one, other) -> one.waiver().expires().compareTo(other.waiver().expires()));
        return reviewed;
    }

    private static Optional<Waiver> find(Document document) {
        try {
            return Optional.of(Waiver.read(document));
        } catch (Refusal malformed) {
            return Optional.empty();
        }
    }

    private Reviewed review(Snapshot tree, Instant now, Document document, Waiver waiver, List<Policy> all) {
        Standing standing = standing(waiver, now);
        boolean counts = standing == Standing.ACTIVE || standing == Standing.EXPIRING;
        Integer excuses = all.stream()
                .filter(policy -> counts && policy.name().equals(waiver.policy()) && policy.judgesWhatStands())
                .findFirst()
                .map(policy -> excuses(tree, now, waiver, policy))
                .orElse(null);
        return new Reviewed(document.path(), waiver, document.spec().text("reason"), standing, excuses);
    }

    private static Standing standing(Waiver waiver, Instant now) {
        if (now.isBefore(waiver.notBefore())) {
            return Standing.PENDING;
        }
        if (!now.isBefore(waiver.expires())) {
            return Standing.EXPIRED;
        }
        return now.plus(SOON).isBefore(waiver.expires()) ? Standing.ACTIVE : Standing.EXPIRING;
    }

    /** Each document by itself, so that one that can't be judged hides nothing. */
    private int excuses(Snapshot tree, Instant now, Waiver waiver, Policy policy) {
        int excused = 0;
        for (Document document : everything(tree)) {
            DocumentChange unchanged =
                    new DocumentChange(document.path(), DocumentChange.Operation.UPDATE, document, document);
            PolicyInput input = new PolicyInput(
                    ChangeFacts.of(Fields.of("change", Map.of())),
                    List.of(unchanged),
                    views.facts(tree, tree, List.of()),
                    now,
                    Stage.MERGE);
            boolean waived = policies.evaluate(List.of(policy), List.of(waiver), input).results().stream()
                    .anyMatch(result -> result.outcome() == PolicyResult.Outcome.WAIVED);
            excused += waived ? 1 : 0;
        }
        return excused;
    }

    private List<Document> everything(Snapshot tree) {
        List<Document> all = new ArrayList<>(systems.all(tree));
        Arrays.stream(Kind.values())
                .filter(kind -> !APART.contains(kind))
                .map(Kind::folder)
                .distinct()
                .forEach(folder -> all.addAll(documents.list(tree, folder)));
        all.removeIf(Overlays::isAbstract);
        return all;
    }
}
