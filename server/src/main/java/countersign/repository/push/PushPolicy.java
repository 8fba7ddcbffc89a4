package countersign.repository.push;

import countersign.repository.Repository;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides about pushes. Called by several threads at once. */
public interface PushPolicy {
    /** Refuses every push, before anything of it is read, while nothing can be taken in. */
    default void requireOpen() {}

    /**
     * Judges a push while its objects are still aside. A Refusal that this throws refuses the push with the refusal's
     * rule as reason and its findings as text.
     */
    Verdict judge(Push push);

    /**
     * The refs to move once the objects have been taken into the repository, all or none: by default those that were
     * pushed. Objects that belong to the push (a revision's record) may be written to the repository here.
     */
    default List<Repository.RefMove> moves(Push push) {
        return push.updates().stream()
                .map(update -> new Repository.RefMove(update.ref(), update.before(), update.after()))
                .toList();
    }

    /** Called once the refs have moved; what it says reaches the pusher. The push can no longer be refused. */
    void accepted(Push push);

    /**
     * Yes, or the reason why not for each ref that is at fault; a push is refused whole.
     *
     * @param reasons from ref to one line, shown as {@code ! [remote rejected] … (reason)}; empty means yes
     * @param messages lines shown to the pusher as {@code remote: …}
     */
    record Verdict(Map<String, String> reasons, List<String> messages) {
        public Verdict {
            reasons = Map.copyOf(new TreeMap<>(reasons));
            messages = List.copyOf(messages);
        }

        public static Verdict accept() {
            return new Verdict(Map.of(), List.of());
        }

        public static Verdict refuse(String ref, String reason, List<String> messages) {
            return new Verdict(Map.of(ref, reason), messages);
        }

        public boolean isAccepted() {
            return reasons.isEmpty();
        }
    }
}
