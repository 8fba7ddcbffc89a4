package countersign;

import countersign.cli.CountersignCommand;
import countersign.log.Faults;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The entry point: gives the command line the real clock, randomness, environment and console. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Faults.NONE, arguments));
    }

    /** Runs one command line; returns its exit code. */
    static int run(Faults faults, String... arguments) {
        Installation program = new Installation(
                new Countersign.Outside(faults, Clock.systemUTC(), new SecureRandom(), System.getenv()));
        CountersignCommand.Environment environment = new CountersignCommand.Environment(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv());
        Optional<Meanwhile<?>> logging = Stream.of(arguments)
                .findFirst()
                .filter("serve"::equals)
                .map(serve -> Meanwhile.start("logging", LoggerFactory::getILoggerFactory));
        CommandLine line = CountersignCommand.commandLine(program, Clock.systemUTC(), environment, List.of(arguments));
        logging.ifPresent(Meanwhile::get);
        return line.execute(arguments);
    }
}
