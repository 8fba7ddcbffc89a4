package countersign.cli.change;

import countersign.cli.change.subject.ChangeName;
import countersign.cli.change.subject.CloneEffect;
import countersign.cli.change.subject.ManifestText;
import countersign.cli.change.subject.RemoteChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.OwnClone;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.cli.remote.Signing;
import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.manifest.Manifest;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signs a decision about a change: one class for every verb that ends in a signed statement. */
@Command(mixinStandardHelpOptions = true)
final class SignChange implements Callable<Integer> {
    private final Decision decision;
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Mixin
    private final OwnClone ownClone = new OwnClone();

    @Mixin
    private final Signing signing;

    @Parameters(paramLabel = "CHANGE", description = "Name of the change.")
    private String change;

    @Option(names = "--role", description = "The role in which you sign: one that a RoleGrant gives you.")
    private @Nullable String role;

    @Option(names = "--reason", defaultValue = "", description = "Your words; they are signed and kept for ever.")
    private String reason;

    @Option(names = "--rule", description = "The rule that the override sets aside, as change gate names it.")
    private @Nullable String rule;

    private SignChange(Decision decision, Shell shell) {
        this.decision = decision;
        this.shell = shell;
        connection = new Connection(shell);
        signing = new Signing(shell);
    }

    static CommandLine commandLine(Decision decision, Shell shell) {
        CommandLine line = new CommandLine(new SignChange(decision, shell));
        CommandSpec spec = line.getCommandSpec();
        spec.name(SignedVerb.of(decision).verb());
        spec.usageMessage()
                .description(
                        SignedVerb.of(decision).does(),
                        "",
                        "Shows the exact effect, compares it with what your own clone gives if there is one, signs the"
                                + " statement with your SSH key and hands it in. The key never leaves this machine.")
                .footer("", "Example:", "  " + SignedVerb.of(decision).example());
        if (decision != Decision.OVERRIDE) {
            spec.remove(spec.findOption("--rule"));
        }
        return line;
    }

    @Override
    public Integer call() {
        Wish wish = wish();
        RemoteServer server = connection.open(output);
        RemoteChange remote = RemoteChange.get(server, wish.change());
        Manifest manifest = RemoteChange.manifest(server, wish.change());
        byte[] bytes = offered(server, wish);
        if (decision == Decision.WITHDRAW && role == null) {
            wish = wish.as(votedAs(server, wish.change(), Statement.parse(bytes)));
            bytes = offered(server, wish);
        }
        Statement statement = Statement.parse(bytes);
        wish.requireAnswered(statement, Statement.Effect.of(manifest, remote.title()));
        String comparison = compare(server, remote, manifest);
        output.say(describe(statement, manifest, comparison));
        if (signing.isDryRun()) {
            output.print(view(statement, manifest, comparison, null), List.of("nothing was signed"));
            return ExitCode.DONE;
        }
        RemoteServer.Answer answer = signing.sign(bytes).handIn(server, "/changes/" + wish.change() + "/votes");
        output.print(
                view(statement, manifest, comparison, answer.json()),
                List.of("signed with " + answer.fields().text("key") + ", log entry "
                        + answer.fields().integer("index")));
        return ExitCode.DONE;
    }

    private static byte[] offered(RemoteServer server, Wish wish) {
        return server.post("/changes/" + wish.change() + "/statements", wish.members(), Map.of())
                .bytes();
    }

    /** The role in which the person last said what is to be withdrawn; that of the statement if nothing was said. */
    private static String votedAs(RemoteServer server, String change, Statement statement) {
        List<String> roles = server.get("/changes/" + change + "/votes").fields().objectList("items").stream()
                .filter(vote -> vote.text("person").equals(statement.person()))
                .filter(vote -> List.of("approve", "reject", "override").contains(vote.text("decision")))
                .map(vote -> vote.text("role"))
                .toList();
        return roles.isEmpty() ? statement.role() : roles.get(roles.size() - 1);
    }

    private Wish wish() {
        SignedVerb verb = SignedVerb.of(decision);
        if (verb.needsRole() && role == null) {
            throw missing("--role=<role>");
        }
        if (verb.needsReason() && reason.isBlank()) {
            throw missing("--reason=<reason>");
        }
        if (decision == Decision.OVERRIDE && rule == null) {
            throw missing("--rule=<rule>");
        }
        String claimed = role == null ? "contributor" : role;
        return new Wish(ChangeName.parse(change), decision, claimed, reason, rule);
    }

    private ParameterException missing(String option) {
        return new ParameterException(spec.commandLine(), "Missing required option: '" + option + "'");
    }

    /**
     * What the user wants to say.
     *
     * @param rule the rule that an override sets aside; null otherwise
     */
    private record Wish(
            String change,
            Decision decision,
            String role,
            String reason,
            @Nullable String rule) {
        Map<String, Object> members() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("decision", decision.label());
            members.put("role", role);
            members.put("reason", reason);
            members.put("client", "cli");
            if (rule != null) {
                members.put("rule", rule);
            }
            return members;
        }

        Wish as(String otherRole) {
            return new Wish(change, decision, otherRole, reason, rule);
        }

        /** Refuses to sign anything but what was wished, about anything but the effect that is shown. */
        void requireAnswered(Statement statement, Statement.Effect effect) {
            requireSame("decision", decision, statement.decision());
            requireSame("role", role, statement.role());
            requireSame("reason", reason, statement.reason());
            requireSame("rule", String.valueOf(rule), String.valueOf(statement.rule()));
            requireSame("change", change, statement.effect().change().name());
            requireSame("effect", effect, statement.effect());
        }

        private static void requireSame(String field, Object wished, Object offered) {
            if (!wished.equals(offered)) {
                throw new Refusal(
                        "statement-not-asked-for",
                        "the server offers a statement with the " + field + " " + offered + ", you asked for " + wished,
                        "the change may have moved: try again; if it stays, don't sign, and ask who runs the server");
            }
        }
    }

    private String compare(RemoteServer server, RemoteChange remote, Manifest manifest) {
        Optional<Path> folder = ownClone.find(shell, server);
        if (folder.isEmpty()) {
            return "not compared with a clone of yours; --clone FOLDER does that";
        }
        try (Repository clone = shell.clones().apply(folder.get())) {
            CloneEffect.of(clone, folder.get(), remote).requireSame(manifest, remote.title(), folder.get());
        }
        return "your clone " + folder.get() + " gives the same manifest";
    }

    private static List<String> describe(Statement statement, Manifest manifest, String comparison) {
        List<String> lines = new ArrayList<>();
        Statement.Effect effect = statement.effect();
        lines.add(statement.decision().label() + " " + effect.change() + " \"" + effect.title() + "\" as "
                + statement.person() + ", " + statement.role());
        if (statement.rule() != null) {
            lines.add("  sets aside    " + statement.rule());
        }
        if (!statement.reason().isEmpty()) {
            lines.add("  reason        " + statement.reason());
        }
        lines.addAll(ManifestText.lines(manifest));
        lines.add("  counts until  " + statement.expires());
        lines.add("  log seen      " + statement.provenance().checkpoint().size() + " entries, root "
                + statement.provenance().checkpoint().root());
        lines.add("  comparison    " + comparison);
        return lines;
    }

    private static Map<String, @Nullable Object> view(
            Statement statement, Manifest manifest, String comparison, @Nullable Object vote) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("change", statement.effect().change().toString());
        view.put("decision", statement.decision().label());
        view.put("person", statement.person());
        view.put("role", statement.role());
        view.put("manifest", manifest.digest().hex());
        view.put("comparison", comparison);
        view.put("vote", vote);
        return view;
    }
}
