package countersign.gate;

import countersign.gate.vote.Ballot;
import countersign.gate.vote.Decision;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules of the gate written down a second time, as plainly as possible and over plain values, to compare the real one
 * with. Knows nothing of documents, signatures or grants' files.
 */
final class NaiveGate {
    /** What is to be decided. */
    record Case(List<Rule> rules, List<Grant> grants, List<Ballot> votes, Set<Path> paths, String type) {}

    /** A rule: it matches if the type fits and any path is below {@code prefix} and in one of the environments. */
    record Rule(
            String name,
            String prefix,
            Set<String> environments,
            Set<String> types,
            Map<String, Integer> needs,
            Set<String> overrides,
            boolean signedSubmit) {
        boolean matches(Path path) {
            boolean inEnvironment =
                    environments.isEmpty() || path.environments.stream().anyMatch(environments::contains);
            return path.name.startsWith(prefix) && inEnvironment;
        }
    }

    /** A grant: of a role to a person, below a prefix, in environments, now or only in the past. */
    record Grant(String person, String role, String prefix, Set<String> environments, boolean holds) {
        boolean covers(Path path) {
            boolean inEnvironment = environments.isEmpty()
                    || (!path.environments.isEmpty() && environments.containsAll(path.environments));
            return path.name.startsWith(prefix) && inEnvironment;
        }
    }

    /** A path that the change touches. */
    record Path(String name, Set<String> environments, boolean trust) {}

    /** A statement: {@code honest} says that it describes the change rightly, {@code fresh} that it has not expired. */
    record Ballot(Decision decision, String person, String role, String rule, boolean honest, boolean fresh) {}

    private final Case given;
    private final Set<String> contributors = new HashSet<>(Set.of("ann"));
    private final Map<String, String> approvals = new LinkedHashMap<>();
    private final Set<String> rejecting = new LinkedHashSet<>();
    private final Set<Ballot> overriding = new LinkedHashSet<>();
    private final Set<String> submitters = new HashSet<>();

    private NaiveGate(Case given) {
        this.given = given;
    }

    static boolean admits(Case given) {
        NaiveGate gate = new NaiveGate(given);
        gate.listen();
        return gate.decide();
    }

    private void listen() {
        for (Ballot vote : given.votes) {
            if (vote.decision == Decision.SUBMIT) {
                contributors.add(vote.person);
            }
        }
        for (Ballot vote : given.votes) {
            if (vote.decision == Decision.WITHDRAW) {
                approvals.remove(vote.person);
                overriding.removeIf(other -> other.person.equals(vote.person));
                if (vote.honest) {
                    rejecting.remove(vote.person);
                }
            } else if (counts(vote)) {
                hear(vote);
            }
        }
    }

    private boolean counts(Ballot vote) {
        boolean holds = given.grants.stream()
                .anyMatch(grant -> grant.holds && grant.person.equals(vote.person) && grant.role.equals(vote.role));
        boolean independent = vote.decision == Decision.APPROVE || vote.decision == Decision.OVERRIDE;
        return vote.honest
                && vote.fresh
                && (holds || vote.decision == Decision.SUBMIT)
                && !(independent && contributors.contains(vote.person));
    }

    private void hear(Ballot vote) {
        switch (vote.decision) {
            case APPROVE -> approvals.putIfAbsent(vote.person, vote.role);
            case REJECT -> rejecting.add(vote.person);
            case OVERRIDE -> overriding.add(vote);
            default -> submitters.add(vote.person);
        }
    }

    private boolean decide() {
        approvals.keySet().removeAll(rejecting);
        Set<Path> covered = new HashSet<>();
        Set<String> mayOverride = new HashSet<>();
        Set<String> signers = new TreeSet<>();
        boolean met = true;
        for (Rule rule : given.rules) {
            Set<Path> matched = new HashSet<>(given.paths);
            matched.removeIf(path -> !rule.matches(path));
            if (matched.isEmpty() || !(rule.types.isEmpty() || rule.types.contains(given.type))) {
                continue;
            }
            covered.addAll(matched);
            mayOverride.addAll(rule.overrides);
            met &= !rule.signedSubmit || submitters.contains("ann");
            for (Map.Entry<String, Integer> need : rule.needs.entrySet()) {
                Set<String> willing = new HashSet<>(approvals.keySet());
                willing.removeIf(person ->
                        !approvals.get(person).equals(need.getKey()) || !coversAll(person, need.getKey(), matched));
                Set<String> setting = setAside(rule.name, rule.overrides, matched);
                boolean enough = willing.size() >= need.getValue();
                met &= enough || !setting.isEmpty();
                signers.addAll(enough || setting.isEmpty() ? willing : setting);
            }
        }
        boolean bare = given.paths.stream()
                .anyMatch(path -> !covered.contains(path) && (covered.isEmpty() || !path.name.startsWith("changes/")));
        long floor = given.paths.stream().anyMatch(Path::trust) ? 2 : 1;
        boolean quiet = rejecting.isEmpty()
                || !setAside("no-standing-rejection", mayOverride, given.paths).isEmpty();
        return met && !bare && signers.size() >= floor && quiet;
    }

    private Set<String> setAside(String rule, Set<String> roles, Set<Path> paths) {
        Set<String> people = new HashSet<>();
        for (Ballot vote : overriding) {
            if (vote.rule.equals(rule) && roles.contains(vote.role) && coversAll(vote.person, vote.role, paths)) {
                people.add(vote.person);
            }
        }
        return people;
    }

    private boolean coversAll(String person, String role, Set<Path> paths) {
        return paths.stream()
                .allMatch(path -> given.grants.stream()
                        .anyMatch(grant -> grant.holds
                                && grant.person.equals(person)
                                && grant.role.equals(role)
                                && grant.covers(path)));
    }
}
