package countersign.git.transport;

import countersign.codec.Refusal;
import countersign.repository.Commit;
import countersign.repository.Repository;
import countersign.repository.push.Push;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.jspecify.annotations.Nullable;

/** A push whose objects lie in quarantine. Reads lazily and remembers. */
final class ReceivedPush implements Push {
    private static final int MAX_COMMITS = 10_000;

    private final String pusher;
    private final ReceivePack receiver;
    private final Quarantine quarantine;
    private final List<Update> updates;
    private @Nullable List<Commit> newCommits;
    private @Nullable NewContent content;

    ReceivedPush(String pusher, ReceivePack receiver, Quarantine quarantine) {
        this.pusher = pusher;
        this.receiver = receiver;
        this.quarantine = quarantine;
        this.updates = receiver.getAllCommands().stream().map(this::update).toList();
    }

    @Override
    public String pusher() {
        return pusher;
    }

    @Override
    public List<String> options() {
        List<String> options = receiver.getPushOptions();
        return options == null ? List.of() : List.copyOf(options);
    }

    @Override
    public List<Update> updates() {
        return updates;
    }

    @Override
    public Repository view() {
        return quarantine.view();
    }

    @Override
    public List<Commit> newCommits() {
        if (newCommits == null) {
            List<String> tips = updates.stream()
                    .map(Update::after)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
            Set<String> bases =
                    Set.copyOf(quarantine.view().listRefs(Constants.R_REFS).values());
            newCommits = tips.isEmpty() ? List.of() : quarantine.history().between(bases, tips, MAX_COMMITS);
        }
        return newCommits;
    }

    @Override
    public List<NewFile> newFiles() {
        return content().files();
    }

    @Override
    public byte[] read(String blobId, int maxBytes) {
        return quarantine.read(blobId, maxBytes);
    }

    @Override
    public void say(String line) {
        line.lines().map(Terminal::plain).forEach(receiver::sendMessage);
    }

    NewContent content() {
        if (content == null) {
            content = NewContent.of(newCommits(), quarantine.view(), quarantine.jgit());
        }
        return content;
    }

    private Update update(ReceiveCommand command) {
        String before = hex(command.getOldId());
        String after = hex(command.getNewId());
        if (after != null) {
            requireCommit(command.getRefName(), after);
        }
        return new Update(command.getRefName(), before, after, kind(before, after));
    }

    private void requireCommit(String ref, String id) {
        if (!quarantine.holdsCommit(id)) {
            throw new Refusal("not-a-commit", ref + " may only point to a commit, and " + id + " is none");
        }
    }

    private Kind kind(@Nullable String before, @Nullable String after) {
        if (before == null) {
            return Kind.CREATE;
        }
        if (after == null) {
            return Kind.DELETE;
        }
        return quarantine.history().isAncestor(before, after) ? Kind.FAST_FORWARD : Kind.FORCE;
    }

    private static @Nullable String hex(ObjectId id) {
        return ObjectId.zeroId().equals(id) ? null : id.name();
    }
}
