package countersign.change.undo;

import countersign.change.store.Change;
import countersign.change.wish.Opening;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.gate.RollbackRules;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import countersign.merge.Merged;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the change that takes back a merged one (PROTOCOL §8). */
public final class Rollbacks {
    private final Repository repository;
    private final RollbackRules rules;

    public Rollbacks(Repository repository, RollbackRules rules) {
        this.repository = repository;
        this.rules = rules;
    }

    /**
     * The edits that restore what a merge replaced, and the request that says so. A Refusal {@code rollback-of-unmerged}
     * or {@code rollback-would-trample}, and those of {@link RollbackRules#requireUnused}, where that can't be.
     *
     * @param day the day under which the rollback stands
     */
    public Opening opening(Change of, Snapshot main, String person, String day) {
        Merged merge = of.merged();
        if (merge == null) {
            throw new Refusal("rollback-of-unmerged", "the change " + of.id() + " was never merged");
        }
        Manifest manifest = requireUntouched(of, main);
        Snapshot before = repository.snapshot(merge.before());
        Map<String, Edit> edits = new HashMap<>();
        for (Manifest.FileChange file : RollbackRules.content(manifest)) {
            FileState state = file.before();
            edits.put(
                    file.path(),
                    state == null
                            ? new Edit.Delete()
                            : new Edit.Link(
                                    FileMode.find(state.mode()).orElseThrow(),
                                    before.find(file.path()).orElseThrow().id()));
        }
        String name = of.id().rollbackName();
        byte[] request = request(of, name, person).getBytes(StandardCharsets.UTF_8);
        edits.put("changes/" + day + "/" + name + ".yaml", new Edit.Write(FileMode.REGULAR, request));
        return new Opening("Roll back " + of.id(), edits);
    }

    /**
     * The day under which a rollback stands: today, or the day of the one that was withdrawn and is opened again. A
     * Refusal {@code rollback-open} while another is open.
     */
    public static String day(Optional<Change> earlier, Instant now) {
        earlier.filter(rollback -> rollback.state().open()).ifPresent(rollback -> {
            throw new Refusal(
                    "rollback-open",
                    rollback.of() + " is being rolled back by " + rollback.id() + ", which is "
                            + rollback.state().label(),
                    "sign that one: countersign change approve " + rollback.id().name() + " --role <role>");
        });
        return earlier.filter(Change::withdrawnRollback)
                .map(rollback -> rollback.id().day())
                .orElseGet(() -> now.atZone(ZoneOffset.UTC).toLocalDate().toString());
    }

    /** The manifest of a merged change, if main still has what it brought. */
    private Manifest requireUntouched(Change of, Snapshot main) {
        RollbackRules.requireUnused(main, of.id());
        Manifest manifest = RollbackRules.merged(main, of.id()).orElseThrow();
        RollbackRules.requireNoRecovery(manifest);
        List<String> trampled = rules.trampled(main, manifest);
        if (!trampled.isEmpty()) {
            throw new Refusal(
                    "rollback-would-trample",
                    "since " + of.id() + " was merged, these changed again: " + String.join(", ", trampled),
                    "open a normal change that restores what you want of them");
        }
        return manifest;
    }

    private static String request(Change of, String name, String person) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: %s
                spec:
                  title: %s
                  type: normal
                  operation: rollback
                  of: %s
                  reason: %s
                  requester: %s
                  contact: %s
                  maintenanceType: corrective
                  plan:
                    scope: Every path of the change, restored to what it was before.
                    steps: [Merge this change; the server applies it like any other.]
                    risk: The state before was in use until the change was applied.
                  test:
                    plan: The digests of the restored files are those before the change.
                  backout:
                    plan: Open the change again under a new name.
                  securityImpact: None beyond that of the change that is taken back.
                """.formatted(
                        name,
                        quoted("Roll back " + of.title()),
                        of.id(),
                        quoted("Takes back " + of.id() + "."),
                        person,
                        person);
    }

    /** A JSON string is a YAML string. */
    private static String quoted(String text) {
        return new String(Json.write(text), StandardCharsets.UTF_8);
    }
}
