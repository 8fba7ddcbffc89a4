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
import countersign.document.Kind;
import countersign.document.reader.Documents;
import countersign.gate.template.ChangeTemplate;
import countersign.manifest.ChangeId;
import countersign.merge.clone.CloneReview;
import countersign.repository.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the request of a new change into the working copy. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = {
            "Write changes/<today>/<name>.yaml into your working copy: the request of a new change.",
            "",
            "What you don't give as an option is left empty there for you to fill in. Nothing is committed.",
            "",
            "With --template the texts are those of templates/<template>.yaml with its parameters filled in. A change from a"
                    + " standard template needs fewer signatures as long as it stays inside of what the template allows."
        },
        footer = {
            "",
            "Example:",
            "  countersign change new raise-cache --title 'Raise the cache' --reason 'Pages are slow.'",
            "  countersign change new renew-www --template renew-certificate \\",
            "    --set host=www.example.org --set ends=2027-03-25"
        })
final class NewChange implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--clone",
            paramLabel = "FOLDER",
            description = "The working copy to write into. Default: the one you stand in.")
    private @Nullable Path clone;

    @Mixin
    private final RequestTemplate template = new RequestTemplate();

    @Option(names = "--template", paramLabel = "TEMPLATE", description = "Name of a ChangeTemplate to make it from.")
    private @Nullable String from;

    @Option(
            names = "--set",
            paramLabel = "PARAMETER=VALUE",
            description = "What stands for a parameter of the template; repeatable.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Parameters(paramLabel = "NAME", description = "Name of the change: a DNS label, never used before.")
    private String name;

    NewChange(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Path folder = new WorkingCopy(clone == null ? shell.folder() : OwnClone.requireFolder(clone)).requireRoot();
        LocalDate today = LocalDate.ofInstant(shell.clock().instant(), ZoneOffset.UTC);
        ChangeId change = new ChangeId(today.toString(), ChangeName.parse(name));
        byte[] request = request(folder, change);
        write(folder.resolve(change.document()), request);
        List<Finding> open = new Documents().inspect(change.document(), request).findings();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("change", change.toString());
        view.put("document", change.document());
        view.put("toFill", Findings.views(open));
        output.print(view, lines(folder, change, open));
        return ExitCode.DONE;
    }

    private byte[] request(Path folder, ChangeId change) {
        String schema = new WorkingCopy(folder).schema(Kind.CHANGE_REQUEST.label());
        if (from == null) {
            return template.write(change.name(), asker(folder), schema);
        }
        ChangeTemplate found = template(folder, from);
        if (!new TreeSet<>(found.parameters()).equals(new TreeSet<>(parameters.keySet()))) {
            throw new Refusal(
                    "wrong-parameters",
                    found.path() + " has the parameters " + found.parameters() + ", given are " + parameters.keySet(),
                    "give each with --set PARAMETER=VALUE");
        }
        return template.fill(found, change.name(), asker(folder), parameters, schema);
    }

    private static ChangeTemplate template(Path folder, String name) {
        String path = Kind.CHANGE_TEMPLATE.folder() + "/" + ChangeName.parse(name) + ".yaml";
        try {
            return new Documents()
                    .read(path, Files.readAllBytes(folder.resolve(path)))
                    .filter(document -> document.kind() == Kind.CHANGE_TEMPLATE)
                    .map(ChangeTemplate::of)
                    .orElseThrow();
        } catch (NoSuchFileException missing) {
            throw new Refusal("no-such-template", "your working copy has no " + path, others(folder));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + path, failed);
        }
    }

    private static String others(Path folder) {
        try (Stream<Path> files = Files.list(folder.resolve(Kind.CHANGE_TEMPLATE.folder()))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml"))
                    .map(file -> file.substring(0, file.length() - ".yaml".length()))
                    .sorted()
                    .toList();
            return "git pull, or take one of " + String.join(", ", names);
        } catch (IOException none) {
            return "there are no templates; git pull, or leave --template out";
        }
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
