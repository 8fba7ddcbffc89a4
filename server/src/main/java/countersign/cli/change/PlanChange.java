package countersign.cli.change;

import countersign.cli.change.subject.CloneEffect;
import countersign.cli.change.subject.ManifestText;
import countersign.cli.change.subject.NamedChange;
import countersign.cli.change.subject.RemoteChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.OwnClone;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the exact effect of a change. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Show the exact effect of a change: the manifest that people sign.",
            "",
            "With a clone of your own (--clone, or standing in it) the effect is computed there too: refused if the server"
                    + " says another, and each target's files are shown key by key, secrets masked."
        },
        footer = {"", "Example:", "  git fetch origin && countersign change plan raise-cache"})
final class PlanChange implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    @Mixin
    private final OwnClone ownClone = new OwnClone();

    PlanChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        RemoteChange remote = RemoteChange.get(server, change.name());
        RemoteServer.Answer answer = server.get(change.path("/manifest"));
        Manifest manifest = Manifest.parse(answer.bytes());
        Optional<Path> folder = ownClone.find(change.shell(), server);
        String plan = folder.map(found -> planOfClone(found, remote, manifest)).orElse(null);
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("digest", manifest.digest().hex());
        view.put("manifest", answer.json());
        view.put("clone", folder.map(Path::toString).orElse(null));
        view.put("plan", plan);
        output.print(view, lines(remote, manifest, plan));
        return ExitCode.DONE;
    }

    private String planOfClone(Path folder, RemoteChange remote, Manifest manifest) {
        try (Repository clone = change.shell().clones().apply(folder)) {
            CloneEffect effect = CloneEffect.of(clone, folder, remote);
            effect.requireSame(manifest, remote.title(), folder);
            return effect.plan().text();
        }
    }

    private static List<String> lines(RemoteChange remote, Manifest manifest, @Nullable String plan) {
        List<String> lines = new ArrayList<>();
        lines.add(remote.id() + " \"" + remote.title() + "\", " + remote.state());
        lines.addAll(ManifestText.lines(manifest));
        lines.add(plan == null ? "not compared with a clone of yours; --clone FOLDER does that" : plan);
        return lines;
    }
}
