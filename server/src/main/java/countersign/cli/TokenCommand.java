package countersign.cli;

import countersign.account.Scope;
import countersign.account.Token;
import countersign.account.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokens, managed in the data folder of a server that is stopped. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Create, list and revoke tokens while the server is stopped.",
            "",
            "A running server does the same at /api/v1/tokens."
        })
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
            description = "Create a token. Its secret is printed once and kept nowhere.")
    static final class Create implements Callable<Integer> {
        private final Program program;

        @Spec
        private CommandSpec spec;

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

        @Option(names = "--person", required = true, description = "Who will use it: a name in access/people.")
        private String person;

        @Option(names = "--name", defaultValue = "command line", description = "What to call it.")
        private String name;

        @Option(names = "--scope", split = ",", description = "What it may do. Default: all but admin.")
        private Set<String> scopes = new LinkedHashSet<>();

        @Option(names = "--lifetime", defaultValue = "P30D", description = "ISO 8601 duration; ${DEFAULT-VALUE}.")
        private Duration lifetime;

        @Option(names = "--json", description = "Print the token as JSON.")
        private boolean json;

        Create(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            Set<Scope> wanted = scopes.isEmpty()
                    ? EnumSet.complementOf(EnumSet.of(Scope.ADMIN))
                    : scopes.stream().map(Scope::get).collect(Collectors.toSet());
            Tokens.Issued issued = program.issueToken(data, new Program.TokenWish(person, name, wanted, lifetime));
            if (json) {
                Map<String, Object> view = TokenCommand.view(issued.token());
                view.put("secret", issued.secret());
                CountersignCommand.printJson(spec.commandLine(), view);
            } else {
                CountersignCommand.print(spec.commandLine(), List.of(issued.secret()));
            }
            return CountersignCommand.DONE;
        }
    }

    /** Lists tokens without their secrets. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List all tokens, without their secrets.")
    static final class ListTokens implements Callable<Integer> {
        private final Program program;

        @Spec
        private CommandSpec spec;

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

        @Option(names = "--json", description = "Print them as JSON.")
        private boolean json;

        ListTokens(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            List<Token> tokens = program.listTokens(data);
            if (json) {
                CountersignCommand.printJson(
                        spec.commandLine(),
                        tokens.stream().map(TokenCommand::view).toList());
            } else {
                CountersignCommand.print(
                        spec.commandLine(),
                        tokens.stream()
                                .map(token -> token.id() + "  " + token.person() + "  until " + token.expires() + "  "
                                        + token.scopes().stream()
                                                .map(Scope::label)
                                                .sorted()
                                                .collect(Collectors.joining(","))
                                        + "  " + token.name())
                                .toList());
            }
            return CountersignCommand.DONE;
        }
    }

    /** Revokes a token. */
    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a token: it counts no more.")
    static final class Revoke implements Callable<Integer> {
        private final Program program;

        @Spec
        private CommandSpec spec;

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
            CountersignCommand.print(spec.commandLine(), List.of("revoked " + id));
            return CountersignCommand.DONE;
        }
    }

    private static Map<String, Object> view(Token token) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", token.id());
        view.put("person", token.person());
        view.put("name", token.name());
        view.put("scopes", token.scopes().stream().map(Scope::label).sorted().toList());
        view.put("createdAt", token.createdAt().toString());
        view.put("expires", token.expires().toString());
        return view;
    }
}
