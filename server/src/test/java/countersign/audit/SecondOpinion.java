package countersign.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The independent verifier as one process that judges many clones: what it found signed well it does not ask again. */
final class SecondOpinion implements AutoCloseable {
    private static final String PROGRAM = """
            import sys, tempfile
            sys.path.insert(0, sys.argv[1])
            from verify_clone import Clone, Signatures, Verification
            with tempfile.TemporaryDirectory() as scratch:
                signatures = Signatures(scratch)
                for line in sys.stdin:
                    genesis, clone = line.rstrip("\\n").split(" ", 1)
                    print("=", Verification(Clone(clone), signatures, genesis, None).run(), flush=True)
            """;
    private static final String END = "= ";

    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    /**
     * What it says of a clone.
     *
     * @param text what it printed
     */
    record Opinion(boolean good, String text) {}

    private SecondOpinion(Process process) {
        this.process = process;
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static SecondOpinion start() throws IOException {
        return new SecondOpinion(new ProcessBuilder("python3", "-B", "-c", PROGRAM, "server/src/test/resources/python")
                .redirectErrorStream(true)
                .start());
    }

    Opinion about(Path clone, String genesis) throws IOException {
        questions.write(genesis + " " + clone + "\n");
        questions.flush();
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = answers.readLine();
            if (line == null) {
                throw new AssertionError("it broke down:\n" + String.join("\n", lines));
            }
            if (line.startsWith(END)) {
                return new Opinion(line.equals(END + "True"), String.join("\n", lines));
            }
            lines.add(line);
        }
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.destroy();
    }
}
