package countersign.gate.vote;

import countersign.codec.Sha256;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The votes that stand for one manifest: of each person the first approval and the first rejection that the person has
 * not withdrawn since, and every other statement about it (PROTOCOL §4.6). A statement counts once, however often the log
 * repeats it. Who rejects does not approve, whichever came first.
 */
public final class Ballot {
    private final Map<String, Vote> approvals = new LinkedHashMap<>();
    private final Map<String, Vote> rejections = new LinkedHashMap<>();
    private final List<Vote> others = new ArrayList<>();
    private final Set<Sha256> seen = new HashSet<>();
    private final Predicate<Vote> trusted;

    private Ballot(Predicate<Vote> trusted) {
        this.trusted = trusted;
    }

    /**
     * Counts nothing, judges nothing: only sorts.
     *
     * @param votes in the order of the log
     */
    public static Ballot of(Sha256 manifest, List<Vote> votes) {
        return of(manifest, votes, vote -> true);
    }

    /**
     * The same, where not every withdrawal is trusted: one that is not, or that the log repeats, takes back approvals and
     * overrides but no rejection. So it can only keep a gate shut.
     */
    public static Ballot of(Sha256 manifest, List<Vote> votes, Predicate<Vote> trusted) {
        Ballot ballot = new Ballot(trusted);
        votes.stream().filter(vote -> vote.manifest().equals(manifest)).forEach(ballot::add);
        return ballot;
    }

    /** Standing approvals in the order of the log, one of each person. */
    public List<Vote> approvals() {
        return approvals.values().stream()
                .filter(vote -> !rejections.containsKey(vote.person()))
                .toList();
    }

    /** Standing rejections in the order of the log, one of each person. */
    public List<Vote> rejections() {
        return List.copyOf(rejections.values());
    }

    /** The approval or rejection of a person that stands. */
    public Optional<Vote> findStanding(String person) {
        Vote rejection = rejections.get(person);
        return Optional.ofNullable(rejection != null ? rejection : approvals.get(person));
    }

    /** Statements other than approvals, rejections and withdrawals, in the order of the log. */
    public List<Vote> others(Decision decision) {
        return others.stream().filter(vote -> vote.decides(decision)).toList();
    }

    private void add(Vote vote) {
        boolean repeated = !seen.add(Sha256.of(vote.bytes()));
        if (vote.decides(Decision.WITHDRAW)) {
            withdraw(vote, !repeated && trusted.test(vote));
        } else if (!repeated) {
            count(vote);
        }
    }

    private void count(Vote vote) {
        switch (vote.statement().decision()) {
            case APPROVE -> approvals.putIfAbsent(vote.person(), vote);
            case REJECT -> rejections.putIfAbsent(vote.person(), vote);
            case SUBMIT, WITHDRAW, OVERRIDE, CONFIRM, ROLLBACK -> others.add(vote);
        }
    }

    private void withdraw(Vote vote, boolean rejectionToo) {
        approvals.remove(vote.person());
        others.removeIf(other -> other.person().equals(vote.person()) && other.decides(Decision.OVERRIDE));
        if (rejectionToo) {
            rejections.remove(vote.person());
        }
    }
}
