package countersign;

import countersign.account.Scope;
import countersign.cli.data.Program;
import countersign.log.Faults;
import countersign.signing.SshPrivateKey;
import countersign.signing.SshPublicKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole server in this process, on a free port, over a new data folder on disk: what benchmarks talk to. */
public final class BenchServer implements AutoCloseable {
    private final Program.Running running;
    private final Map<String, String> tokens;

    private BenchServer(Program.Running running, Map<String, String> tokens) {
        this.running = running;
        this.tokens = Map.copyOf(tokens);
    }

    /** Founds a repository whose genesis holds the content; the people in it get these keys. */
    public static void found(Path data, Path content, Map<String, SshPublicKey> keys) {
        Map<String, List<SshPublicKey>> each = new LinkedHashMap<>();
        keys.forEach((person, key) -> each.put(person, List.of(key)));
        SshPublicKey recovery = SshPrivateKey.generate(new SecureRandom()).publicKey();
        program()
                .init(new Program.Init(
                        data, Program.Content.of(content), "bench", "bench.invalid/log", each, List.of(recovery), 1));
    }

    /** Serves a founded data folder, with a token for each of these people. */
    public static BenchServer start(Path data, Iterable<String> people) {
        Program program = program();
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String person : people) {
            Program.TokenWish wish =
                    new Program.TokenWish(person, "bench", EnumSet.allOf(Scope.class), Duration.ofDays(1));
            tokens.put(person, program.issueToken(data, wish).secret());
        }
        return new BenchServer(program.serve(Program.Serve.locally(data)), tokens);
    }

    /** Where it listens, without a final slash. */
    public String url() {
        return running.url();
    }

    /** The secret of a person's token. */
    public String token(String person) {
        return tokens.get(person);
    }

    /** Where Git finds the repository in the name of a person. */
    public String cloneUrl(String person) {
        return url().replace("http://", "http://" + person + ":" + token(person) + "@") + "/git/bench.git";
    }

    @Override
    public void close() {
        running.close();
    }

    private static Program program() {
        return new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom()));
    }
}
