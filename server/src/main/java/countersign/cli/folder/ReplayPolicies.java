package countersign.cli.folder;

import countersign.audit.rehearsal.Rehearsal;
import countersign.audit.rehearsal.Rehearsal.Judged;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Output;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.policy.Policy;
import countersign.policy.PolicyResult;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays policies over the history of a clone. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Say which merged changes a policy would have denied, the newest first, offline from a clone.",
            "",
            "Try a policy here before you switch it on. Each merge is judged at its own time, over its own trees and with"
                    + " the votes that counted. Exits with 1 if any change would have been denied."
        },
        footer = {
            "",
            "Examples:",
            "  countersign policy replay policies/people/two-person.yaml --clone shop",
            "  countersign policy replay policies --since 2026-01-01 --json"
        })
final class ReplayPolicies implements Callable<Integer> {
    private static final int PROGRESS = 500;
    private static final int MAX_DENIALS = 10_000;

    private final Function<Path, Repository> clones;

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "POLICY", description = "File of a policy, or a folder of policies.")
    private Path policy;

    @Option(
            names = "--clone",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "A clone of the repository, bare or not. Default: the current folder.")
    private Path clone;

    @Option(names = "--since", paramLabel = "DAY", description = "Leave out what merged before this day (UTC).")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Judge the newest N merges at most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    ReplayPolicies(Function<Path, Repository> clones) {
        this.clones = clones;
    }

    /** Counts, and what is shown of each denial. */
    private static final class Tally {
        private long merges;
        private long applied;
        private long denied;
        private final List<Map<String, @Nullable Object>> denials = new ArrayList<>();
    }

    @Override
    public Integer call() {
        List<Policy> policies = PolicyFolder.read(policy).policies();
        Tally tally = new Tally();
        try (Repository repository = clones.apply(clone)) {
            new Rehearsal(repository).run(policies, from(), judged -> {
                take(judged, tally);
                return tally.merges < limit;
            });
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("policies", policies.size());
        view.put("merges", tally.merges);
        view.put("applied", tally.applied);
        view.put("denied", tally.denied);
        view.put("denials", tally.denials);
        output.print(
                view,
                List.of(tally.merges + " merged changes, " + policies.size()
                        + " policies, of which one or more apply to " + tally.applied + "; " + tally.denied
                        + " would have been denied"));
        return tally.denied == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private void take(Judged judged, Tally tally) {
        tally.merges++;
        boolean applies =
                judged.results().stream().anyMatch(result -> result.outcome() != PolicyResult.Outcome.NOT_APPLICABLE);
        tally.applied += applies ? 1 : 0;
        List<PolicyResult> denials = judged.denials();
        if (!denials.isEmpty()) {
            tally.denied++;
            show(judged, denials, tally);
        }
        if (tally.merges % PROGRESS == 0) {
            output.warn(tally.merges + " merges judged, back to " + judged.time() + "; " + tally.denied
                    + " would have been denied");
        }
    }

    private void show(Judged judged, List<PolicyResult> denials, Tally tally) {
        output.say(List.of(judged.change() + " merged " + judged.time() + " as " + judged.commit()));
        List<Finding> findings = denials.stream()
                .flatMap(result -> result.findings().stream())
                .filter(Finding::blocks)
                .toList();
        output.say(
                findings.stream().map(finding -> "  " + Findings.line(finding)).toList());
        if (output.json() && tally.denials.size() < MAX_DENIALS) {
            Map<String, @Nullable Object> view = new LinkedHashMap<>();
            view.put("change", judged.change().toString());
            view.put("merge", judged.commit());
            view.put("time", judged.time().toString());
            view.put("policies", denials.stream().map(PolicyResult::policy).toList());
            view.put("findings", Findings.views(findings));
            tally.denials.add(view);
        }
    }

    private Instant from() {
        try {
            return since == null
                    ? Instant.EPOCH
                    : LocalDate.parse(since).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException malformed) {
            throw new Refusal("malformed-day", "--since is " + since + ", needed is a day such as 2026-11-21");
        }
    }
}
