package countersign.cli.change;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.change.subject.RemoteChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows one change. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show a change: its state, revisions, findings, votes and what became of its targets.",
        footer = {"", "Example:", "  countersign change show raise-cache"})
final class ShowChange implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    ShowChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        RemoteChange remote = RemoteChange.get(server, change.name());
        RemoteServer.Answer votes = server.get(change.path("/votes"));
        Map<String, @Nullable Object> findings = findings(server, remote);
        Map<String, @Nullable Object> view = new LinkedHashMap<>(remote.view());
        view.put("votes", votes.json().get("items"));
        view.put("findings", findings.get("items"));
        Optional<RemoteServer.Answer> risk = ofEffect(server, remote, "/risk");
        Optional<RemoteServer.Answer> conflicts =
                remote.merged() == null ? ofEffect(server, remote, "/conflicts") : Optional.empty();
        RemoteServer.Answer schedule = server.get(change.path("/schedule"));
        view.put("schedule", schedule.json());
        view.put("risk", risk.map(RemoteServer.Answer::json).orElse(null));
        view.put(
                "conflicts", conflicts.map(answer -> answer.json().get("items")).orElse(List.of()));
        Optional<Map<String, @Nullable Object>> owed = owed(server, remote);
        view.put("owed", owed.orElse(null));
        List<String> lines = lines(remote, votes.fields(), Fields.of("findings", findings));
        risk.ifPresent(answer -> lines.add(3, "  risk       " + risk(answer.fields())));
        lines.addAll(schedule(schedule.fields()));
        conflicts.ifPresent(answer ->
                answer.fields().objectList("items").forEach(other -> lines.add("  conflict   " + conflict(other))));
        owed.ifPresent(debt -> lines.add("  owes       " + debt(Fields.of("what is owed", debt))));
        output.print(view, lines);
        return ExitCode.DONE;
    }

    /** The signatures that a merged emergency change still owes. */
    private static Optional<Map<String, @Nullable Object>> owed(RemoteServer server, RemoteChange remote) {
        return remote.merged() == null || !"emergency".equals(remote.view().get("type"))
                ? Optional.empty()
                : server.get("/emergencies").fields().mapList("items").stream()
                        .filter(debt -> remote.id().toString().equals(debt.get("change")))
                        .findFirst();
    }

    private static String debt(Fields debt) {
        return "signatures until " + debt.text("deadline") + (debt.flag("overdue") ? ", OVERDUE" : "") + ": "
                + String.join("; ", debt.textList("missing"));
    }

    /** A change that was withdrawn has no findings any more. */
    private Map<String, @Nullable Object> findings(RemoteServer server, RemoteChange remote) {
        try {
            return server.get(change.path("/findings")).json();
        } catch (Refusal closed) {
            if (remote.state().equals("withdrawn")) {
                return Map.of("items", List.of());
            }
            throw closed;
        }
    }

    /** A change that was withdrawn has no effect any more, and one that is wrong has none yet. */
    private Optional<RemoteServer.Answer> ofEffect(RemoteServer server, RemoteChange remote, String part) {
        try {
            return Optional.of(server.get(change.path(part)));
        } catch (Refusal noEffect) {
            if (remote.state().equals("withdrawn") || remote.state().equals("draft")) {
                return Optional.empty();
            }
            throw noEffect;
        }
    }

    private static String risk(Fields risk) {
        String critical = String.join(", ", risk.textList("critical"));
        return risk.text("level") + ": likelihood " + input(risk.object("likelihood")) + ", impact "
                + input(risk.object("impact"))
                + (critical.isEmpty() ? "" : ", criticality " + risk.text("criticality") + " of " + critical);
    }

    private static String input(Fields input) {
        String counted = input.text("counted");
        String declared = input.textOr("declared", "");
        return declared.equals(counted)
                ? counted
                : counted + (declared.isEmpty() ? " (not declared)" : " (declared " + declared + ")");
    }

    private static List<String> schedule(Fields schedule) {
        List<String> lines = new ArrayList<>();
        if (schedule.has("window")) {
            lines.add("  window     " + window(schedule, "window"));
        }
        for (Fields move : schedule.objectList("moved")) {
            lines.add("  moved      " + window(move, "from") + " => " + window(move, "to") + " by "
                    + move.text("person") + ", " + move.text("at") + ": " + move.text("reason"));
        }
        return lines;
    }

    private static String window(Fields of, String name) {
        Fields window = of.objectOrNull(name);
        return window == null ? "any time" : window.text("notBefore") + " to " + window.text("notAfter");
    }

    private static String conflict(Fields other) {
        List<String> shared = new ArrayList<>(other.textList("paths"));
        other.textList("targets").forEach(target -> shared.add("target " + target));
        return other.text("change") + " by " + other.text("requester") + " \"" + other.text("title") + "\": "
                + String.join(", ", shared)
                + (other.text("times").equals("same") ? "" : ", at another time");
    }

    private static String due(Fields change) {
        String decided = change.textOr("decidedAt", "");
        return "priority " + change.integer("priority") + ", to be decided until " + change.text("decideBy")
                + (decided.isEmpty() ? "" : ", decided " + decided)
                + (change.flag("late") ? ", LATE" : "");
    }

    private static List<String> lines(RemoteChange remote, Fields votes, Fields findings) {
        Fields fields = Fields.of("the server's change", remote.view());
        List<String> lines = new ArrayList<>();
        lines.add("#" + fields.integer("number") + " " + remote.id() + " \"" + remote.title() + "\"");
        lines.add("  state      " + remote.state());
        lines.add("  type       " + fields.text("type") + ", " + fields.text("operation"));
        lines.add("  decision   " + due(fields));
        lines.add("  requester  " + fields.text("requester"));
        remote.revisions()
                .forEach(revision -> lines.add(
                        "  revision   " + revision.commit() + " by " + revision.uploader() + ", " + revision.at()));
        Fields merged = fields.objectOrNull("merged");
        if (merged != null) {
            lines.add("  merged     " + merged.text("commit") + ", " + merged.text("time") + ", log entry "
                    + merged.integer("index"));
        }
        fields.objectList("units")
                .forEach(unit -> lines.add("  unit       " + unit.text("target") + "/" + unit.text("system") + " "
                        + unit.text("outcome") + entry(unit) + reason(unit)));
        String waiting = fields.textOr("waiting", "");
        if (!waiting.isEmpty()) {
            lines.add("  waiting    " + waiting);
        }
        List<Fields> cast = votes.objectList("items");
        cast.forEach(vote -> lines.add("  vote       " + vote(vote) + (withdrawn(vote, cast) ? " (withdrawn)" : "")));
        findings.objectList("items").stream()
                .map(Findings::read)
                .forEach(finding -> lines.add("  finding    " + Findings.line(finding)));
        return lines;
    }

    /** Where the receipt stands; there is none while the unit waits for its turn. */
    private static String entry(Fields unit) {
        long receipt = unit.integer("receipt");
        return receipt < 0 ? "" : ", log entry " + receipt;
    }

    private static String reason(Fields of) {
        String reason = of.textOr("reason", "");
        return reason.isEmpty() ? "" : ": " + reason;
    }

    /** Whether its person took it back later. */
    private static boolean withdrawn(Fields vote, List<Fields> votes) {
        return List.of("approve", "reject", "override").contains(vote.text("decision"))
                && votes.stream()
                        .anyMatch(later -> later.text("decision").equals("withdraw")
                                && later.text("manifest").equals(vote.text("manifest"))
                                && later.text("person").equals(vote.text("person"))
                                && later.integer("index") > vote.integer("index"));
    }

    private static String vote(Fields vote) {
        return vote.text("person") + " " + vote.text("decision") + " as " + vote.text("role") + ", log entry "
                + vote.integer("index") + ", until " + vote.text("expires") + reason(vote);
    }
}
