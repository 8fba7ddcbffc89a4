package countersign.cli.data;

import countersign.account.Scope;
import countersign.account.Token;
import countersign.account.Tokens;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokens, managed in the data folder of a server that is stopped, or by a running one. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Create, list and revoke tokens.",
            "",
            "With --data in the folder of a server that is stopped, without any token; otherwise on a running server, with"
                    + " a token that may do as much."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples, the first token of all, and one for a job that only reads:",
            "  countersign token create --data /srv/countersign --person ann",
            "  countersign token create --name nightly --scope read --lifetime P7D"
        })
final class TokenCommand {
    private static final String DATA =
            "The data folder of a server that is stopped. Default: a running server is asked.";

    private TokenCommand() {}

    static CommandLine commandLine(Program program, Shell shell) {
        CommandLine line = new CommandLine(new TokenCommand());
        line.addSubcommand("create", new Create(program, shell));
        line.addSubcommand("list", new ListTokens(program, shell));
        line.addSubcommand("revoke", new Revoke(program, shell));
        return line;
    }

    /** Creates a token and prints its secret once. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Create a token. Its secret is printed once and kept nowhere.",
            footer = {
                "",
                "Examples:",
                "  export COUNTERSIGN_TOKEN=$(countersign token create --data /srv/countersign --person ann)",
                "  countersign token create --person bob --scope read,push --server https://countersign.example"
            })
    static final class Create implements Callable<Integer> {
        private final Program program;

        @Spec
        private CommandSpec spec;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", description = DATA)
        private @Nullable Path data;

        @Mixin
        private final Connection connection;

        @Option(
                names = "--person",
                description =
                        "Who will use it: a name in access/people. Default with a running server: you. Another's token"
                                + " needs the scope admin.")
        private @Nullable String person;

        @Option(names = "--name", defaultValue = "command line", description = "What to call it.")
        private String name;

        @Option(names = "--scope", split = ",", description = "What it may do. Default: all but admin and audit.")
        private Set<String> scopes = new LinkedHashSet<>();

        @Option(
                names = "--lifetime",
                defaultValue = "P30D",
                description =
                        "How long it counts, as an ISO 8601 duration such as P30D or PT12H. Default: ${DEFAULT-VALUE}.")
        private Duration lifetime;

        Create(Program program, Shell shell) {
            this.program = program;
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            Set<Scope> wanted = scopes.isEmpty()
                    ? Scope.WORKING
                    : scopes.stream().map(Scope::get).collect(Collectors.toSet());
            Map<String, @Nullable Object> view = data == null ? asked(wanted) : issued(data, wanted);
            output.print(view, List.of(String.valueOf(view.get("secret"))));
            return ExitCode.DONE;
        }

        private Map<String, @Nullable Object> issued(Path folder, Set<Scope> wanted) {
            if (person == null) {
                throw new ParameterException(spec.commandLine(), "Missing required option: '--person=<person>'");
            }
            Tokens.Issued issued = program.issueToken(folder, new Program.TokenWish(person, name, wanted, lifetime));
            Map<String, @Nullable Object> view = TokenCommand.view(issued.token());
            view.put("secret", issued.secret());
            return view;
        }

        private Map<String, @Nullable Object> asked(Set<Scope> wanted) {
            Map<String, Object> wish = new LinkedHashMap<>();
            if (person != null) {
                wish.put("person", person);
            }
            wish.put("name", name);
            wish.put("scopes", wanted.stream().map(Scope::label).sorted().toList());
            wish.put("lifetime", lifetime.toString());
            return connection.open(output).post("/tokens", wish, Map.of()).json();
        }
    }

    /** Lists tokens without their secrets. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List tokens, without their secrets.",
            footer = {
                "",
                "Examples:",
                "  countersign token list --data /srv/countersign",
                "  countersign token list --person ann"
            })
    static final class ListTokens implements Callable<Integer> {
        private final Program program;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", description = DATA)
        private @Nullable Path data;

        @Mixin
        private final Connection connection;

        @Option(
                names = "--person",
                paramLabel = "NAME",
                description =
                        "Whose tokens; * for everybody's. Default: yours, or all of a data folder. Others' need the"
                                + " scope admin.")
        private @Nullable String person;

        ListTokens(Program program, Shell shell) {
            this.program = program;
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            List<Map<String, @Nullable Object>> tokens = data == null ? asked() : kept(data);
            output.print(
                    tokens,
                    tokens.stream()
                            .map(token -> line(Fields.of("token", token)))
                            .toList());
            return ExitCode.DONE;
        }

        private List<Map<String, @Nullable Object>> kept(Path folder) {
            return program.listTokens(folder).stream()
                    .filter(token -> person == null || person.equals("*") || person.equals(token.person()))
                    .map(TokenCommand::view)
                    .toList();
        }

        private List<Map<String, @Nullable Object>> asked() {
            String question = new Question("/tokens").with("person", person).toString();
            List<Map<String, @Nullable Object>> tokens =
                    connection.open(output).get(question).fields().mapList("items");
            return tokens.stream().map(ListTokens::withoutSecret).toList();
        }

        private static Map<String, @Nullable Object> withoutSecret(Map<String, @Nullable Object> token) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>(token);
            shown.remove("secret");
            return shown;
        }
    }

    /** Revokes a token. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Revoke a token: it counts no more.",
            footer = {
                "",
                "Examples:",
                "  countersign token revoke 0123456789abcdef",
                "  countersign token revoke --data /srv/countersign 0123456789abcdef"
            })
    static final class Revoke implements Callable<Integer> {
        private final Program program;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", description = DATA)
        private @Nullable Path data;

        @Mixin
        private final Connection connection;

        @Parameters(paramLabel = "ID", description = "Id of the token.")
        private String id;

        Revoke(Program program, Shell shell) {
            this.program = program;
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            if (data == null) {
                connection.open(output).delete("/tokens/" + id(id));
            } else {
                program.revokeToken(data, id);
            }
            output.print(Map.of("revoked", id), List.of("revoked " + id));
            return ExitCode.DONE;
        }
    }

    private static String line(Fields token) {
        return token.text("id") + "  " + token.text("person") + "  until " + token.text("expires") + "  "
                + String.join(",", token.textList("scopes").stream().sorted().toList()) + "  " + token.text("name");
    }

    /** An id that may stand in a path. */
    private static String id(String text) {
        if (!text.matches("[0-9a-f]{16}")) {
            throw new Refusal("no-such-token", "there is no token " + text, "token list shows the ids");
        }
        return text;
    }

    private static List<String> labels(Token token) {
        return token.scopes().stream().map(Scope::label).sorted().toList();
    }

    private static Map<String, @Nullable Object> view(Token token) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", token.id());
        view.put("person", token.person());
        view.put("name", token.name());
        view.put("scopes", labels(token));
        view.put("createdAt", token.createdAt().toString());
        view.put("expires", token.expires().toString());
        return view;
    }
}
