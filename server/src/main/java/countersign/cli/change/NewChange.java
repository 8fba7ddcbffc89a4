package countersign.cli.change;

import countersign.access.Person;
import countersign.cli.change.subject.ChangeName;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Output;
import countersign.cli.remote.OwnClone;
import countersign.cli.remote.Shell;
import countersign.cli.remote.WorkingCopy;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.reader.Documents;
import countersign.manifest.ChangeId;
import countersign.merge.clone.CloneReview;
import countersign.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the request of a new change into the working copy. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = {
            "Write changes/<today>/<name>.yaml into your working copy: the request of a new change.",
            "",
            "What you don't give as an option is left empty there for you to fill in. Nothing is committed."
        },
        footer = {
            "",
            "Example:",
            "  countersign change new raise-cache --title 'Raise the cache' --reason 'Pages are slow.'"
        })
final class NewChange implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final OwnClone ownClone = new OwnClone();

    @Mixin
    private final RequestTemplate template = new RequestTemplate();

    @Parameters(paramLabel = "NAME", description = "Name of the change: a DNS label, never used before.")
    private String name;

    NewChange(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Path folder = new WorkingCopy(ownClone.named().orElse(shell.folder())).requireRoot();
        LocalDate today = LocalDate.ofInstant(shell.clock().instant(), ZoneOffset.UTC);
        ChangeId change = new ChangeId(today.toString(), ChangeName.parse(name));
        byte[] request = template.write(change.name(), asker(folder));
        write(folder.resolve(change.document()), request);
        List<Finding> open = new Documents().inspect(change.document(), request).findings();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("change", change.toString());
        view.put("document", change.document());
        view.put("toFill", Findings.views(open));
        output.print(view, lines(folder, change, open));
        return ExitCode.DONE;
    }

    /** The person of main whose e-mail address Git uses here; the requester must be one. */
    private RequestTemplate.Asker asker(Path folder) {
        String email = new WorkingCopy(folder).setting("user.email").orElse("");
        if (template.namesRequester()) {
            return new RequestTemplate.Asker("", email);
        }
        try (Repository clone = shell.clones().apply(folder)) {
            String person = new CloneReview(clone)
                    .trust()
                    .findPersonByEmail(email)
                    .map(Person::name)
                    .orElseThrow(() -> new Refusal(
                            "unknown-person",
                            "no Person on main has the e-mail address of your Git (" + email + ")",
                            "git config user.email <yours>, or add --requester <person>"));
            return new RequestTemplate.Asker(person, email);
        }
    }

    private static void write(Path file, byte[] request) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, request, StandardOpenOption.CREATE_NEW);
        } catch (java.nio.file.FileAlreadyExistsException taken) {
            throw new Refusal("request-exists", file + " is there already", "edit it, or choose another name");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
    }

    private static List<String> lines(Path folder, ChangeId change, List<Finding> open) {
        List<String> lines = new ArrayList<>();
        lines.add("wrote " + folder.resolve(change.document()));
        if (!open.isEmpty()) {
            lines.add("Fill in:");
            open.forEach(finding -> lines.add("  " + finding));
        }
        lines.add("Next:");
        lines.add("  git checkout -b change/" + change.name());
        lines.add("  git add -A && git commit -m '" + change.name() + "'");
        lines.add("  countersign change check");
        lines.add("  git push origin HEAD:change/" + change.name());
        return lines;
    }
}
