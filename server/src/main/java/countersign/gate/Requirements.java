package countersign.gate;

import countersign.access.PathFacets;
import countersign.access.RepositorySettings;
import countersign.access.TrustReader;
import countersign.document.Kind;
import countersign.gate.circumstance.Chain;
import countersign.gate.recovery.BadRangeRules;
import countersign.gate.recovery.RecoveryRules;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Vote;
import countersign.manifest.BadRange;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Operation;
import countersign.manifest.assessment.Assessment;
import countersign.manifest.assessment.Risk;
import countersign.repository.DocumentReader;
import countersign.repository.Remembered;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must be signed before a change merges, and how it stands (PROTOCOL §6). Rules, people and grants are those of the
 * tree before, so nobody votes themselves into power. Pure; thread-safe.
 */
public final class Requirements {
    static final String FLOOR = "floor";
    private static final String COVERAGE = "every-path-has-a-rule";
    private static final String NO_REJECTION = "no-standing-rejection";
    private static final String WINDOW = "inside-its-window";
    private static final int PATHS_SHOWN = 20;
    private static final int FOLDERS_REMEMBERED = 16;

    private final DocumentReader documents;
    private final TrustReader trusts;
    private final VoteRules voteRules;
    private final Facets facets;
    private final RollbackRules rollbacks;
    private final RecoveryRules recoveries;
    private final BadRangeRules badRanges;
    private final CalendarRequirements calendars;
    private final StandardChanges standards;

    /** By the id of their folder. */
    private final Remembered<List<ApprovalRule>> rules = new Remembered<>(FOLDERS_REMEMBERED);

    public Requirements(DocumentReader documents, TrustReader trusts, VoteRules voteRules) {
        this.documents = documents;
        this.trusts = trusts;
        this.voteRules = voteRules;
        this.facets = new Facets(documents);
        this.rollbacks = new RollbackRules(documents);
        this.recoveries = new RecoveryRules(documents);
        this.badRanges = new BadRangeRules(documents);
        this.calendars = new CalendarRequirements(documents, facets);
        this.standards = new StandardChanges(documents);
    }

    /**
     * What the gate's record says of the votes.
     *
     * @param requirements every requirement of the scene, in a fixed order
     * @param contributors how the part of each contributor is known, in the order of the manifest
     */
    public record Judgement(List<Requirement> requirements, List<GateRecord.Contributor> contributors) {
        /** Whether every requirement is met. */
        public boolean met() {
            return unmet(requirements).findAny().isEmpty();
        }
    }

    /** Judges the votes of the scene; refuses a rollback that is none. */
    public Judgement judge(Scene scene) {
        CountedVotes votes = count(scene);
        return new Judgement(evaluate(scene, votes), contributors(scene, votes));
    }

    /** Every requirement of the scene, in a fixed order; refuses a rollback that is none. */
    public List<Requirement> evaluate(Scene scene) {
        return judge(scene).requirements();
    }

    private List<Requirement> evaluate(Scene scene, CountedVotes votes) {
        List<PathFacets> paths = facets.of(scene.manifest(), scene.before(), scene.after());
        if (scene.manifest().operation() == Operation.ROLLBACK) {
            rollbacks.check(scene);
            List<Requirement> granted = rollbacks.granted(scene, trusts.read(scene.before()), votes, paths).stream()
                    .toList();
            if (!granted.isEmpty()) {
                return withTimes(scene, granted, calendars.of(scene, votes, paths, path -> true));
            }
        }
        if (scene.manifest().operation() == Operation.RECOVER) {
            return List.of(recovery(scene, votes));
        }
        return withTimes(scene, byRules(scene, paths, votes), calendars.of(scene, votes, paths, hurries(scene, paths)));
    }

    /** Which paths no calendar holds up, because an emergency is let pass there. */
    private Predicate<PathFacets> hurries(Scene scene, List<PathFacets> paths) {
        return isEmergency(scene.request())
                ? path -> emergencyRules(scene, paths).stream()
                        .anyMatch(rule -> rule.match().matchesPath(path))
                : path -> false;
    }

    /**
     * What the freezes of a tree, which is main by then, ask of a merged change at a later time (PROTOCOL §8); as at the
     * gate, recoveries and granted rollbacks are not held up, nor emergencies where a rule lets them pass.
     */
    public List<Requirement> freezesAt(Scene merged, Snapshot present, Instant time) {
        if (merged.manifest().operation() == Operation.RECOVER) {
            return List.of();
        }
        CountedVotes votes = count(merged);
        List<PathFacets> paths = facets(merged);
        boolean granted = merged.manifest().operation() == Operation.ROLLBACK
                && rollbacks
                        .granted(merged, trusts.read(merged.before()), votes, paths)
                        .isPresent();
        CalendarRequirements.Moment moment = new CalendarRequirements.Moment(present, time);
        return calendars.freezes(merged, votes, paths, granted ? path -> true : hurries(merged, paths), moment);
    }

    private Requirement recovery(Scene scene, CountedVotes votes) {
        RepositorySettings before = trusts.read(scene.before()).settings();
        BadRange range = scene.manifest().recovery();
        if (range == null) {
            recoveries.requireScope(scene.manifest(), scene.before(), scene.after());
            return recoveryQuorum(RecoveryRules.quorum(before, before), votes);
        }
        Chain chain = scene.circumstances().requireChain();
        badRanges.check(scene.manifest(), range, scene.before(), scene.after(), chain);
        RepositorySettings head = trusts.read(chain.tree(range.from() - 1)).settings();
        return recoveryQuorum(RecoveryRules.quorum(before, head), votes);
    }

    /** A recovery is signed by recovery keys alone: whoever took the people's keys neither helps nor hinders it. */
    private static Requirement recoveryQuorum(RecoveryRules.Quorum quorum, CountedVotes votes) {
        int needed = quorum.needed();
        List<Requirement.Evidence> evidence = votes.approvals().stream()
                .filter(vote -> VoteRules.isRecovery(vote.statement()) && quorum.counts(vote.keyFingerprint()))
                .map(vote -> new Requirement.Evidence(
                        vote.person(),
                        RecoveryRules.ROLE,
                        vote.keyFingerprint(),
                        RepositorySettings.PATH,
                        vote.index()))
                .toList();
        boolean met = evidence.size() >= needed;
        String message = met
                ? ""
                : "needs " + needed + " recovery key(s), has " + evidence.size() + Requirement.Evidence.names(evidence)
                        + votes.droppedText();
        return new Requirement(
                RecoveryRules.QUORUM, null, RecoveryRules.ROLE, needed, Requirement.State.of(met), message, evidence);
    }

    /** Whether a change takes the emergency road where the rules have one. */
    public static boolean isEmergency(ChangeRequest request) {
        return request.type().equals("emergency");
    }

    /** What a merged emergency change owes: all that the rules which let it pass would have needed of any other. */
    public List<Requirement> retrospective(Scene scene) {
        List<PathFacets> paths = facets(scene);
        CountedVotes votes = count(scene);
        return emergencyRules(scene, paths).stream()
                .flatMap(rule -> rule.always(matched(rule, scene, paths), votes).stream())
                .toList();
    }

    /** How soon it owes that; empty if the change is no emergency, or no rule let it pass as one. */
    public Optional<Duration> retrospectiveWithin(Scene scene) {
        return isEmergency(scene.request())
                ? emergencyRules(scene, facets(scene)).stream()
                        .map(rule -> Objects.requireNonNull(rule.emergency()).retrospectiveWithin())
                        .min(Duration::compareTo)
                : Optional.empty();
    }

    /** Of each rule by which a change may be held up, now or later, the roles that set it aside; none for a recovery. */
    public Map<String, Set<String>> overridable(Scene scene) {
        Map<String, Set<String>> roles = new TreeMap<>();
        if (scene.manifest().operation() == Operation.RECOVER) {
            return roles;
        }
        List<PathFacets> paths = facets(scene);
        Set<String> any = new TreeSet<>();
        for (ApprovalRule rule : rules(scene.before())) {
            if (!matched(rule, scene, paths).isEmpty()) {
                roles.put(rule.name(), new TreeSet<>(rule.overrideRoles()));
                any.addAll(rule.overrideRoles());
            }
        }
        roles.put(NO_REJECTION, any);
        calendars.overridable(scene).forEach((rule, named) -> roles.put(rule, new TreeSet<>(named)));
        return roles;
    }

    private List<ApprovalRule> emergencyRules(Scene scene, List<PathFacets> paths) {
        return rules(scene.before()).stream()
                .filter(rule ->
                        rule.emergency() != null && !matched(rule, scene, paths).isEmpty())
                .toList();
    }

    /** How the part of each contributor is known, in the order of the manifest. */
    public List<GateRecord.Contributor> contributors(Scene scene) {
        return contributors(scene, count(scene));
    }

    private CountedVotes count(Scene scene) {
        return new CountedVotes(scene, trusts.read(scene.before()), voteRules);
    }

    private static List<GateRecord.Contributor> contributors(Scene scene, CountedVotes votes) {
        Set<String> signed =
                votes.others(Decision.SUBMIT).stream().map(Vote::person).collect(Collectors.toSet());
        return scene.manifest().contributors().stream()
                .map(person -> new GateRecord.Contributor(person, signed.contains(person) ? "signed" : "attested"))
                .toList();
    }

    /** The facets of the paths that the scene's change touches. */
    public List<PathFacets> facets(Scene scene) {
        return facets.of(scene.manifest(), scene.before(), scene.after());
    }

    /** The ApprovalRules of a tree, in the order of their file names. */
    public List<ApprovalRule> rules(Snapshot snapshot) {
        String folder =
                snapshot.find(Kind.APPROVAL_RULE.folder()).map(TreeEntry::id).orElse("");
        return rules.get(folder, () -> ApprovalRule.of(snapshot, documents));
    }

    /** The window that the request names and the calendars are judged at T (PROTOCOL §4.4). */
    private static List<Requirement> withTimes(
            Scene scene, List<Requirement> requirements, List<Requirement> calendars) {
        List<Requirement> all = new ArrayList<>(requirements);
        ChangeRequest.Window window = scene.request().window();
        if (window != null) {
            all.add(insideItsWindow(scene, window));
        }
        all.addAll(calendars);
        return all;
    }

    private static Requirement insideItsWindow(Scene scene, ChangeRequest.Window window) {
        boolean inside = window.contains(scene.time());
        String message = "may merge from " + window.notBefore() + " to " + window.notAfter() + ", now is ";
        return builtIn(WINDOW, 0, Requirement.State.of(inside), inside ? "" : message + scene.time(), List.of());
    }

    private List<Requirement> byRules(Scene scene, List<PathFacets> paths, CountedVotes votes) {
        List<Requirement> requirements = new ArrayList<>();
        delegated(scene, paths, votes).ifPresent(ruling -> requirements.add(ruling.requirement()));
        Set<PathFacets> covered = new LinkedHashSet<>();
        Set<String> overrideRoles = new LinkedHashSet<>();
        for (ApprovalRule rule : rules(scene.before())) {
            List<PathFacets> matched = matched(rule, scene, paths);
            if (!matched.isEmpty()) {
                covered.addAll(matched);
                overrideRoles.addAll(rule.overrideRoles());
                requirements.addAll(rule.beforeMerge(scene.request(), matched, votes));
                if (rule.signedSubmit()) {
                    requirements.add(rule.submitted(scene, votes));
                }
            }
        }
        requirements.add(coverage(scene, paths, covered));
        requirements.add(floor(paths, requirements));
        requirements.add(noRejection(paths, votes, overrideRoles));
        return requirements;
    }

    /** Whose approval in which role, given in advance with its template, stands for a standard change. */
    public Optional<Requirement.Evidence> delegation(Scene scene) {
        return StandardChanges.claimed(scene)
                ? evaluate(scene).stream()
                        .filter(requirement -> requirement.rule().startsWith(StandardChanges.RULE))
                        .flatMap(requirement -> requirement.evidence().stream())
                        .findFirst()
                : Optional.empty();
    }

    /** Counts the approval that stands for a standard change, given in advance with its template. */
    private Optional<StandardChanges.Ruling> delegated(Scene scene, List<PathFacets> paths, CountedVotes votes) {
        if (!StandardChanges.claimed(scene)) {
            return Optional.empty();
        }
        StandardChanges.Ruling ruling =
                standards.judge(scene, trusts.read(scene.before()), paths, votes.notApproving());
        ruling.delegation().ifPresent(votes::delegated);
        return Optional.of(ruling);
    }

    /** The risk of the scene's change, by the tables of the tree before. */
    public Risk risk(Scene scene, List<PathFacets> paths) {
        return Assessment.of(scene.before(), documents).risk(scene.request().declared(), paths);
    }

    private List<PathFacets> matched(ApprovalRule rule, Scene scene, List<PathFacets> paths) {
        if (!rule.match()
                .matchesChange(scene.manifest().operation(), scene.request().type(), () -> risk(scene, paths))) {
            return List.of();
        }
        return paths.stream().filter(rule.match()::matchesPath).toList();
    }

    private static Requirement coverage(Scene scene, List<PathFacets> paths, Set<PathFacets> covered) {
        List<String> bare = paths.stream()
                .filter(path -> !covered.contains(path))
                .map(PathFacets::path)
                .filter(path ->
                        covered.isEmpty() || !path.equals(scene.request().id().document()))
                .toList();
        String message = bare.isEmpty()
                ? ""
                : "no ApprovalRule matches " + bare.size() + " path(s), and what no rule matches is denied: "
                        + bare.stream().limit(PATHS_SHOWN).collect(Collectors.joining(", "));
        return builtIn(COVERAGE, 0, Requirement.State.of(bare.isEmpty()), message, List.of());
    }

    /** One person who did not contribute; two if the change touches who may do what. */
    private static Requirement floor(List<PathFacets> paths, List<Requirement> requirements) {
        int needed = paths.stream().anyMatch(PathFacets::trust) ? 2 : 1;
        List<Requirement.Evidence> evidence = requirements.stream()
                .flatMap(requirement -> requirement.evidence().stream())
                .filter(found -> found.grant() != null)
                .collect(Collectors.toMap(
                        Requirement.Evidence::person, found -> found, (first, second) -> first, TreeMap::new))
                .values()
                .stream()
                .toList();
        boolean met = evidence.size() >= needed;
        String message = met
                ? ""
                : "needs " + needed + " who did not contribute, has " + evidence.size()
                        + Requirement.Evidence.names(evidence);
        return builtIn(FLOOR, needed, Requirement.State.of(met), message, evidence);
    }

    /** A rejection blocks until its person withdraws it or a role that a matching rule names sets it aside. */
    private static Requirement noRejection(List<PathFacets> paths, CountedVotes votes, Set<String> overrideRoles) {
        List<Vote> rejections = votes.rejections();
        if (rejections.isEmpty()) {
            return builtIn(NO_REJECTION, 0, Requirement.State.SATISFIED, "", List.of());
        }
        List<Requirement.Evidence> overrides = votes.others(Decision.OVERRIDE).stream()
                .filter(vote -> NO_REJECTION.equals(vote.statement().rule()))
                .filter(vote -> overrideRoles.contains(vote.statement().role()))
                .flatMap(vote -> votes.evidence(vote, paths).stream())
                .toList();
        if (!overrides.isEmpty()) {
            return builtIn(NO_REJECTION, 0, Requirement.State.OVERRIDDEN, "", overrides);
        }
        String message = rejections.stream()
                .map(vote -> vote.person() + ": " + vote.statement().reason())
                .collect(Collectors.joining("; ", "rejected by ", ""));
        return builtIn(NO_REJECTION, 0, Requirement.State.UNSATISFIED, message, List.of());
    }

    private static Requirement builtIn(
            String rule, int needed, Requirement.State state, String message, List<Requirement.Evidence> evidence) {
        return new Requirement(rule, null, null, needed, state, message, evidence);
    }

    /** The votes that any requirement counts. */
    static Set<Long> countedVotes(List<Requirement> requirements) {
        return requirements.stream()
                .flatMap(requirement -> requirement.evidence().stream())
                .map(Requirement.Evidence::vote)
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    static Stream<Requirement> unmet(List<Requirement> requirements) {
        return requirements.stream().filter(requirement -> !requirement.met());
    }
}
