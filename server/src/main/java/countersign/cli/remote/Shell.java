package countersign.cli.remote;

import countersign.cli.console.Keyboard;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What surrounds a verb.
 *
 * @param variables the environment's variables
 * @param folder the folder the user stands in
 * @param clock the present
 * @param keyboard where secrets are typed
 * @param clones opens a clone, bare or not, for reading
 */
public record Shell(
        Map<String, String> variables,
        Path folder,
        InstantSource clock,
        Keyboard keyboard,
        Function<Path, Repository> clones) {
    public Shell {
        variables = Map.copyOf(variables);
    }

    /** A variable that is set and not blank. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
