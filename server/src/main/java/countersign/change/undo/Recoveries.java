package countersign.change.undo;

import countersign.change.wish.BadMergesWish;
import countersign.change.wish.Opening;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.gate.circumstance.Chain;
import countersign.gate.recovery.BadRangeRules;
import countersign.manifest.BadRange;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Writes the recovery that names merges bad and takes back what they left (PROTOCOL §7). */
public final class Recoveries {
    private Recoveries() {}

    /**
     * The edits that put back what the bad merges left changed, and the request that says so.
     *
     * @param chain the merges up to present main
     */
    public static Opening opening(BadMergesWish wish, Chain chain, String person, Instant time) {
        if (wish.from() < 1 || wish.to() < wish.from() || wish.to() > chain.seq()) {
            throw new Refusal(
                    "recovery-range",
                    "merges " + wish.from() + " to " + wish.to() + " are no range of the merges 1 to " + chain.seq());
        }
        Snapshot head = chain.tree(wish.from() - 1);
        BadRange range = new BadRange(wish.from(), wish.to(), chain.commit(wish.from() - 1), head.contentRoot());
        Map<String, Edit> edits = new HashMap<>();
        for (String path : BadRangeRules.standing(head, chain.tree(wish.to()), chain.tree(chain.seq()))) {
            edits.put(
                    path,
                    head.find(path)
                            .<Edit>map(file ->
                                    new Edit.Link(FileMode.find(file.rawMode()).orElseThrow(), file.id()))
                            .orElseGet(Edit.Delete::new));
        }
        String day = time.atZone(ZoneOffset.UTC).toLocalDate().toString();
        byte[] request = request(wish, range, person).getBytes(StandardCharsets.UTF_8);
        edits.put("changes/" + day + "/" + wish.name() + ".yaml", new Edit.Write(FileMode.REGULAR, request));
        return new Opening("Take back " + range, edits);
    }

    private static String request(BadMergesWish wish, BadRange range, String person) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: %s
                spec:
                  title: %s
                  type: normal
                  operation: recover
                  recovery:
                    bad: {from: %d, to: %d}
                    head:
                      commit: "%s"
                      contentRoot: "%s"
                  reason: %s
                  requester: %s
                  contact: %s
                  maintenanceType: corrective
                  plan:
                    scope: Every path that stands as the bad merges left it, restored to what it was before them.
                    steps: [Recovery keys sign it; its merge is applied like any other.]
                    risk: The state before was in use until the bad merges.
                  test:
                    plan: The digests of the restored files are those before the bad merges.
                  backout:
                    plan: None; what was good of the bad merges is opened again as changes.
                  securityImpact: What the bad merges gave counts no more.
                """.formatted(
                        wish.name(),
                        quoted(wish.title()),
                        range.from(),
                        range.to(),
                        range.head(),
                        range.contentRoot(),
                        quoted(wish.reason()),
                        person,
                        person);
    }

    /** A JSON string is a YAML string. */
    private static String quoted(String text) {
        return new String(Json.write(text), StandardCharsets.UTF_8);
    }
}
