package countersign.cli.data;

import countersign.account.Scope;
import countersign.account.Token;
import countersign.account.Tokens;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens, managed in the data folder of a server that is stopped. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Create, list and revoke tokens while the server is stopped.",
            "",
            "A running server does the same at /api/v1/tokens."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  countersign token create --data /srv/countersign --person ann"})
final class TokenCommand {
    private TokenCommand() {}

    static CommandLine commandLine(Program program) {
        CommandLine line = new CommandLine(new TokenCommand());
        line.addSubcommand("create", new Create(program));
        line.addSubcommand("list", new ListTokens(program));
        line.addSubcommand("revoke", new Revoke(program));
        return line;
    }

    /** Creates a token and prints its secret once. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Create a token. Its secret is printed once and kept nowhere.",
            footer = {
                "",
                "Example:",
                "  export COUNTERSIGN_TOKEN=$(countersign token create --data /srv/countersign --person ann)"
            })
    static final class Create implements Callable<Integer> {
        private final Program program;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

        @Option(names = "--person", required = true, description = "Who will use it: a name in access/people.")
        private String person;

        @Option(names = "--name", defaultValue = "command line", description = "What to call it.")
        private String name;

        @Option(names = "--scope", split = ",", description = "What it may do. Default: all but admin and audit.")
        private Set<String> scopes = new LinkedHashSet<>();

        @Option(names = "--lifetime", defaultValue = "P30D", description = "ISO 8601 duration; ${DEFAULT-VALUE}.")
        private Duration lifetime;

        Create(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            Set<Scope> wanted = scopes.isEmpty()
                    ? Scope.WORKING
                    : scopes.stream().map(Scope::get).collect(Collectors.toSet());
            Tokens.Issued issued = program.issueToken(data, new Program.TokenWish(person, name, wanted, lifetime));
            Map<String, Object> view = TokenCommand.view(issued.token());
            view.put("secret", issued.secret());
            output.print(view, List.of(issued.secret()));
            return ExitCode.DONE;
        }
    }

    /** Lists tokens without their secrets. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List all tokens, without their secrets.",
            footer = {"", "Example:", "  countersign token list --data /srv/countersign"})
    static final class ListTokens implements Callable<Integer> {
        private final Program program;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

        ListTokens(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            List<Token> tokens = program.listTokens(data);
            output.print(
                    tokens.stream().map(TokenCommand::view).toList(),
                    tokens.stream().map(TokenCommand::line).toList());
            return ExitCode.DONE;
        }
    }

    /** Revokes a token. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Revoke a token: it counts no more.",
            footer = {"", "Example:", "  countersign token revoke --data /srv/countersign 0123456789abcdef"})
    static final class Revoke implements Callable<Integer> {
        private final Program program;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

        @Parameters(paramLabel = "ID", description = "Id of the token.")
        private String id;

        Revoke(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            program.revokeToken(data, id);
            output.print(Map.of("revoked", id), List.of("revoked " + id));
            return ExitCode.DONE;
        }
    }

    private static String line(Token token) {
        return token.id() + "  " + token.person() + "  until " + token.expires() + "  "
                + String.join(",", labels(token)) + "  " + token.name();
    }

    private static List<String> labels(Token token) {
        return token.scopes().stream().map(Scope::label).sorted().toList();
    }

    private static Map<String, Object> view(Token token) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", token.id());
        view.put("person", token.person());
        view.put("name", token.name());
        view.put("scopes", labels(token));
        view.put("createdAt", token.createdAt().toString());
        view.put("expires", token.expires().toString());
        return view;
    }
}
