package countersign.history;

import countersign.access.PathFacets;
import countersign.access.Person;
import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.codec.Refusal;
import countersign.gate.ApprovalRule;
import countersign.gate.Facets;
import countersign.gate.GateRecord;
import countersign.gate.Requirement;
import countersign.gate.RollbackRules;
import countersign.gate.key.RevokedKeys;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.Manifest;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks into the trees of the past: what stood there, who signed it, and who could have. Thread-safe. */
public final class PastTrees {
    private final Repository repository;
    private final RecordLog log;
    private final DocumentReader documents;
    private final TrustReader trusts;
    private final Facets facets;
    private final History history;
    private final Supplier<Collection<RevokedKeys.Entry>> revoked;

    public PastTrees(History history, History.Parts parts) {
        this.history = history;
        this.repository = parts.repository();
        this.log = parts.log();
        this.trusts = parts.trusts();
        this.documents = parts.documents();
        this.facets = new Facets(documents);
        this.revoked = parts.revoked();
    }

    /** Who asks for holders of roles: for which path, when, in which tree, and with which keys gone. */
    private record Asked(Trust trust, PathFacets path, Instant time, Set<String> gone) {}

    /** What main was at a time; a Refusal {@code no-such-time} before genesis. */
    public Moment at(Instant time) {
        long index = history.latest(time).map(PastMerge::index).orElse(0L);
        LogEntry entry = LogEntry.parse(log.entry(index));
        if (entry instanceof LogEntry.Merge merge) {
            return new Moment(merge.after(), merge.contentRoot(), index, merge.time());
        }
        if (entry instanceof LogEntry.Genesis genesis && !time.isBefore(genesis.time())) {
            return new Moment(genesis.commit(), genesis.contentRoot(), index, genesis.time());
        }
        throw new Refusal("no-such-time", "the record log begins at " + entry.time() + ", asked for " + time);
    }

    /** The files at a moment. */
    public Snapshot snapshot(Moment moment) {
        return repository.snapshot(moment.commit());
    }

    /** The change that last touched a path; a Refusal {@code no-such-history} if none did since genesis. */
    public Blame blame(String path) {
        PastMerge merge = history.last(new Fact(Fact.About.PATH, path))
                .orElseThrow(() -> new Refusal("no-such-history", "no change touched " + path + " since genesis"));
        Snapshot after = repository.snapshot(merge.after());
        Manifest manifest = RollbackRules.merged(after, merge.change()).orElseThrow();
        Manifest.FileChange file = manifest.files().stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
        byte[] gate = after.read(merge.change().folder() + "/gate.json", GateRecord.MAX_BYTES);
        return new Blame(path, merge, file.before(), file.after(), signatures(GateRecord.parse(gate)));
    }

    private List<Blame.Signature> signatures(GateRecord gate) {
        Map<Long, List<Requirement>> byVote = new TreeMap<>();
        for (Requirement requirement : gate.requirements()) {
            requirement
                    .evidence()
                    .forEach(evidence -> byVote.merge(
                            evidence.vote(),
                            List.of(requirement),
                            (all, more) ->
                                    Stream.concat(all.stream(), more.stream()).toList()));
        }
        return byVote.entrySet().stream()
                .map(vote -> signature(vote.getKey(), vote.getValue()))
                .toList();
    }

    /** A vote has its grant where any requirement asked for one. */
    private Blame.Signature signature(long index, List<Requirement> requirements) {
        List<Requirement.Evidence> all = requirements.stream()
                .flatMap(requirement -> requirement.evidence().stream())
                .filter(evidence -> evidence.vote() == index)
                .toList();
        Requirement.Evidence shown = all.stream()
                .filter(evidence -> evidence.grant() != null)
                .findFirst()
                .orElse(all.get(0));
        LogEntry entry = LogEntry.parse(log.entry(index));
        Optional<Vote> vote = entry instanceof LogEntry.Statement statement
                ? Optional.of(Vote.of(statement, index))
                : Optional.empty();
        return new Blame.Signature(
                shown.person(),
                shown.role(),
                vote.map(signed -> signed.statement().decision().label()).orElse(entry.type()),
                vote.map(signed -> signed.statement().reason()).orElse(""),
                shown.key(),
                shown.grant(),
                requirements.stream().map(Requirement::rule).distinct().toList(),
                index,
                entry.time());
    }

    /** Who could approve a change of a path at a time, by the rules, people, keys and grants of that time. */
    public Approvers approvers(String path, Instant time) {
        Moment moment = at(time);
        Snapshot tree = snapshot(moment);
        PathFacets seen = facets.of(path, tree, tree);
        Asked asked = new Asked(trusts.read(tree), seen, time, revokedAt(time));
        List<Approvers.OfRule> rules = ApprovalRule.of(tree, documents).stream()
                .filter(rule -> rule.match().matchesPath(seen))
                .map(rule -> new Approvers.OfRule(
                        rule,
                        roles(rule)
                                .map(role -> new Approvers.OfRole(role, holders(asked, role)))
                                .toList()))
                .toList();
        return new Approvers(moment, seen, seen.trust() ? 2 : 1, rules);
    }

    /** Fingerprints of the keys whose revocation stood in the log at a time. */
    private Set<String> revokedAt(Instant time) {
        return revoked.get().stream()
                .filter(entry ->
                        !LogEntry.parse(log.entry(entry.index())).time().isAfter(time))
                .map(RevokedKeys.Entry::key)
                .collect(Collectors.toSet());
    }

    /** Every role that a rule names, each once. */
    private static Stream<String> roles(ApprovalRule rule) {
        ApprovalRule.Emergency emergency = rule.emergency();
        Stream<String> atOnce = emergency == null ? Stream.empty() : emergency.roles().stream();
        Stream<String> needed = rule.needs().stream().map(ApprovalRule.Need::role);
        return Stream.concat(Stream.concat(needed, rule.overrideRoles().stream()), atOnce)
                .distinct();
    }

    private static List<Approvers.Holder> holders(Asked asked, String role) {
        return asked.trust().people().stream()
                .flatMap(person -> holder(asked, role, person).stream())
                .toList();
    }

    private static Optional<Approvers.Holder> holder(Asked asked, String role, Person person) {
        List<String> keys = person.keys().stream()
                .map(key -> key.publicKey().fingerprint())
                .filter(key -> !asked.gone().contains(key))
                .toList();
        return asked.trust()
                .findGrant(person.name(), role, asked.path(), asked.time())
                .filter(grant -> !keys.isEmpty())
                .map(grant -> new Approvers.Holder(
                        person.name(), person.displayName(), keys, grant.path(), grant.notBefore(), grant.notAfter()));
    }
}
