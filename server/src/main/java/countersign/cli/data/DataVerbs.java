package countersign.cli.data;

import countersign.cli.remote.Shell;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The verbs about a data folder. */
public final class DataVerbs {
    private DataVerbs() {}

    /** What makes each verb, by its name, in the order of the help. */
    public static Map<String, Supplier<Object>> of(Program program, Shell shell) {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("init", () -> new InitCommand(program));
        verbs.put("serve", () -> new ServeCommand(program));
        verbs.put("token", () -> TokenCommand.commandLine(program, shell));
        verbs.put("password", () -> PasswordCommand.commandLine(program, shell));
        verbs.put("log-key", () -> LogKeyCommand.commandLine(program));
        verbs.put("backup", () -> new BackupCommand(program, shell));
        verbs.put("restore", () -> new RestoreCommand(program));
        return verbs;
    }
}
