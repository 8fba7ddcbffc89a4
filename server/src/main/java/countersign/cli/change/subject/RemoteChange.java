package countersign.cli.change.subject;

import countersign.cli.remote.RemoteServer;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change as the server tells it.
 *
 * @param view the answer as it is
 * @param id day and name
 * @param title title of its request
 * @param state where it stands
 * @param revisions commits pushed for it, oldest first
 * @param merged its merge; null before
 */
public record RemoteChange(
        Map<String, @Nullable Object> view,
        ChangeId id,
        String title,
        String state,
        List<Revision> revisions,
        @Nullable Merge merged) {
    /** A push of it. */
    public record Revision(String commit, String uploader, String at) {}

    /** Its merge. */
    public record Merge(String commit, String before) {}

    public RemoteChange {
        revisions = List.copyOf(revisions);
        if (revisions.isEmpty()) {
            throw new Refusal("malformed-answer", "the server tells of a change without a revision");
        }
    }

    public static RemoteChange get(RemoteServer server, String name) {
        return read(server.get("/changes/" + name).json());
    }

    public static RemoteChange read(Map<String, @Nullable Object> view) {
        Fields fields = Fields.of("the server's change", view);
        Fields merged = fields.objectOrNull("merged");
        return new RemoteChange(
                view,
                ChangeId.parse(fields.text("id")),
                fields.text("title"),
                fields.text("state"),
                fields.objectList("revisions").stream()
                        .map(each -> new Revision(each.text("commit"), each.text("uploader"), each.text("at")))
                        .toList(),
                merged == null ? null : new Merge(merged.text("commit"), merged.text("before")));
    }

    /** The manifest as the server has it, read from its canonical bytes. */
    public static Manifest manifest(RemoteServer server, String name) {
        return Manifest.parse(server.get("/changes/" + name + "/manifest").bytes());
    }

    String tip() {
        return revisions.get(revisions.size() - 1).commit();
    }

    List<String> uploaders() {
        return revisions.stream().map(Revision::uploader).distinct().toList();
    }

    /** Some text member of the answer; empty if absent. */
    String text(String member) {
        return Fields.of("the server's change", view).textOr(member, "");
    }
}
