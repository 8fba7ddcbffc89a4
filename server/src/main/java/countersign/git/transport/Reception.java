package countersign.git.transport;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.git.GitRepository;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;

/**
 * Judges one push when its objects lie in quarantine, and takes it in or refuses it whole. JGit finds every command
 * decided and does nothing of its own.
 */
final class Reception implements PreReceiveHook {
    private static final String WHOLE = "the push is refused whole";

    private final GitRepository store;
    private final Quarantine quarantine;
    private final String pusher;
    private final PushPolicy policy;
    private final Optional<Refusal> closed;
    private boolean accepted;

    /** @param closed why nothing is taken in at all, so that the push has not been checked */
    Reception(GitRepository store, Quarantine quarantine, String pusher, PushPolicy policy, Optional<Refusal> closed) {
        this.store = store;
        this.quarantine = quarantine;
        this.pusher = pusher;
        this.policy = policy;
        this.closed = closed;
    }

    @Override
    public void onPreReceive(ReceivePack receiver, Collection<ReceiveCommand> undecided) {
        List<ReceiveCommand> all = receiver.getAllCommands();
        if (undecided.size() < all.size()) {
            refuse(undecided, Map.of());
            return;
        }
        try {
            requireOpen();
            requireRefs(all);
            ReceivedPush push = new ReceivedPush(pusher, receiver, quarantine);
            PushPolicy.Verdict verdict = policy.judge(push);
            verdict.messages().forEach(push::say);
            if (verdict.isAccepted()) {
                accept(push, all);
            } else {
                refuse(all, verdict.reasons());
            }
        } catch (Refusal refusal) {
            say(receiver, refusal);
            Finding first = refusal.findings().get(0);
            refuse(all, Map.of(all.get(0).getRefName(), first.message() + " [" + first.rule() + "]"));
        }
    }

    /** Whether the push has been taken in. */
    boolean isAccepted() {
        return accepted;
    }

    private void accept(ReceivedPush push, List<ReceiveCommand> commands) {
        try {
            take(push.content());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        if (!store.moveRefs(policy.moves(push))) {
            for (ReceiveCommand command : commands) {
                command.setResult(
                        ReceiveCommand.Result.REJECTED_OTHER_REASON, "it was moved meanwhile; fetch and push again");
            }
            return;
        }
        store.force();
        store.flush();
        commands.forEach(command -> command.setResult(ReceiveCommand.Result.OK));
        accepted = true;
        policy.accepted(push);
    }

    private void take(NewContent content) throws IOException {
        if (content.isSmall()) {
            store.copyFew(quarantine.jgit(), content.objects());
        } else {
            store.copyMany(quarantine.jgit(), content.objects());
        }
    }

    private void requireOpen() {
        closed.ifPresent(refusal -> {
            throw refusal;
        });
    }

    private static void requireRefs(List<ReceiveCommand> commands) {
        Set<String> seen = new HashSet<>();
        for (ReceiveCommand command : commands) {
            String ref = command.getRefName();
            if (!ref.startsWith(Constants.R_HEADS) && !ref.startsWith(Constants.R_TAGS)) {
                throw new Refusal("forbidden-ref", "only branches and tags can be pushed, not " + ref);
            }
            if (!seen.add(ref)) {
                throw new Refusal("forbidden-ref", "one push moves a ref once, not twice: " + ref);
            }
        }
    }

    private static void refuse(Collection<ReceiveCommand> commands, Map<String, String> reasons) {
        for (ReceiveCommand command : commands) {
            String reason = Terminal.plain(reasons.getOrDefault(command.getRefName(), WHOLE));
            command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, reason);
        }
    }

    private static void say(ReceivePack receiver, Refusal refusal) {
        refusal.findings().stream()
                .flatMap(finding -> finding.toString().lines())
                .map(Terminal::plain)
                .forEach(receiver::sendMessage);
    }
}
