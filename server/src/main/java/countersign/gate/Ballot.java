package countersign.gate;

import countersign.codec.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The votes that stand for one manifest: of each person the first approval or rejection that the person has not
 * withdrawn since, and every other statement about it (PROTOCOL §4.6).
 */
public final class Ballot {
    private final Map<String, Vote> standing = new LinkedHashMap<>();
    private final List<Vote> others = new ArrayList<>();

    private Ballot() {}

    /**
     * Counts nothing, judges nothing: only sorts.
     *
     * @param votes in the order of the log
     */
    public static Ballot of(Sha256 manifest, List<Vote> votes) {
        Ballot ballot = new Ballot();
        votes.stream().filter(vote -> vote.manifest().equals(manifest)).forEach(ballot::add);
        return ballot;
    }

    /** Standing approvals in the order of the log. */
    public List<Vote> approvals() {
        return standing(Decision.APPROVE);
    }

    /** Standing rejections in the order of the log. */
    public List<Vote> rejections() {
        return standing(Decision.REJECT);
    }

    /** The approval or rejection of a person that stands. */
    public Optional<Vote> findStanding(String person) {
        return Optional.ofNullable(standing.get(person));
    }

    /** Statements other than approvals, rejections and withdrawals, in the order of the log. */
    public List<Vote> others(Decision decision) {
        return others.stream().filter(vote -> vote.decides(decision)).toList();
    }

    private void add(Vote vote) {
        switch (vote.statement().decision()) {
            case APPROVE, REJECT -> standing.putIfAbsent(vote.person(), vote);
            case WITHDRAW -> {
                standing.remove(vote.person());
                others.removeIf(other -> other.person().equals(vote.person()) && other.decides(Decision.OVERRIDE));
            }
            case SUBMIT, OVERRIDE, CONFIRM, ROLLBACK, REVOKE -> others.add(vote);
        }
    }

    private List<Vote> standing(Decision decision) {
        return standing.values().stream().filter(vote -> vote.decides(decision)).toList();
    }
}
