package countersign.cli.console;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where secrets are typed, or sent by another program: never arguments, for those can be seen. */
public interface Keyboard {
    /** A line typed at a terminal that does not show it; empty if there is no terminal. */
    Optional<String> secret(String question);

    /** The first line of standard input; empty text if it has none. */
    String firstLine();

    /** The keyboard of this process. */
    static Keyboard ofProcess() {
        return new OfProcess();
    }

    /** The console that the process was started at, and its standard input. */
    final class OfProcess implements Keyboard {
        private static final int MAX_BYTES = 1 << 10;

        @Override
        public Optional<String> secret(String question) {
            @Nullable Console console = System.console();
            return Optional.ofNullable(console)
                    .map(terminal -> terminal.readPassword("%s", question))
                    .map(String::new);
        }

        @Override
        public String firstLine() {
            try {
                InputStream in = System.in;
                String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                return text.lines().findFirst().orElse("");
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot read standard input", failed);
            }
        }
    }
}
