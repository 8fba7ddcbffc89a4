package countersign.cli.change;

import countersign.access.Person;
import countersign.apply.plan.Plan;
import countersign.apply.plan.Planner;
import countersign.cli.change.subject.ManifestText;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Output;
import countersign.cli.remote.OwnClone;
import countersign.cli.remote.Shell;
import countersign.cli.remote.WorkingCopy;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.reader.Documents;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import countersign.merge.clone.CloneReview;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a change in the user's own clone, before it is pushed. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Check what you have committed, offline, by the rules of the server: what a push would be refused for, what"
                    + " is wrong with the documents, what would be signed, and by whom.",
            "",
            "Compares the commit that is checked out with origin/main as it was last fetched. Exits with 1 if the change"
                    + " could not be merged however many sign it."
        },
        footer = {"", "Example:", "  git fetch origin && countersign change check"})
final class CheckChange implements Callable<Integer> {
    private static final int DOCUMENTS = 2_000;

    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--clone",
            paramLabel = "FOLDER",
            description = "The clone whose checked-out commit is checked. Default: the one you stand in.")
    private @Nullable Path clone;

    @Option(names = "--person", description = "Who will push it. Default: whose e-mail address your Git uses.")
    private @Nullable String person;

    CheckChange(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Path folder = new WorkingCopy(clone == null ? shell.folder() : OwnClone.requireFolder(clone)).requireRoot();
        WorkingCopy copy = new WorkingCopy(folder);
        if (copy.hasUncommitted()) {
            output.warn("warning: what is not committed is not checked");
        }
        try (Repository clone = shell.clones().apply(folder)) {
            return check(new CloneReview(clone), copy);
        }
    }

    private int check(CloneReview review, WorkingCopy copy) {
        String tip = copy.requireHead();
        String pusher = pusher(review, copy);
        List<Finding> findings = new ArrayList<>(review.checkPush(tip, pusher));
        Preview preview = review.preview(review.changeOf(tip), tip, List.of(pusher));
        preview.findings().stream()
                .filter(finding -> !findings.contains(finding))
                .forEach(findings::add);
        List<Finding> waiting = findings.stream().anyMatch(Finding::blocks)
                ? List.of()
                : review.evaluate(preview, shell.clock().instant()).reasons();
        Checked checked = new Checked(preview, findings, waiting);
        output.print(checked.view(), checked.lines());
        return checked.good() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private String pusher(CloneReview review, WorkingCopy copy) {
        if (person != null) {
            return person;
        }
        String email = copy.setting("user.email").orElse("");
        return review.trust()
                .findPersonByEmail(email)
                .map(Person::name)
                .orElseThrow(() -> new Refusal(
                        "unknown-person",
                        "no Person on main has the e-mail address of your Git (" + email + ")",
                        "git config user.email <yours>, or add --person <name>"));
    }

    /**
     * What came of the check.
     *
     * @param preview the change
     * @param findings what is wrong with it
     * @param waiting what it waits for while nobody has signed
     */
    private record Checked(Preview preview, List<Finding> findings, List<Finding> waiting) {
        boolean good() {
            return findings.stream().noneMatch(Finding::blocks);
        }

        Map<String, @Nullable Object> view() {
            Manifest manifest = preview.manifest();
            Map<String, @Nullable Object> view = new LinkedHashMap<>();
            view.put("change", preview.request().id().toString());
            view.put("good", good());
            view.put("findings", Findings.views(findings));
            view.put("digest", manifest == null ? null : manifest.digest().hex());
            view.put("waitingFor", Findings.views(waiting));
            return view;
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(preview.request().id() + " \"" + preview.request().title() + "\"");
            findings.forEach(finding -> lines.add(Findings.line(finding)));
            Manifest manifest = preview.manifest();
            if (manifest != null) {
                lines.addAll(ManifestText.lines(manifest));
                lines.add(plan(manifest).text());
            }
            if (!waiting.isEmpty()) {
                lines.add("before it merges");
                waiting.forEach(finding -> lines.add("  " + finding));
            }
            lines.add(
                    good()
                            ? "good; next: git push origin HEAD:change/"
                                    + preview.request().id().name()
                            : "not ready: correct what is named above and commit");
            return lines;
        }

        private Plan plan(Manifest manifest) {
            DocumentReader documents = new DocumentReader(new Documents(), DOCUMENTS);
            return new Planner(documents).plan(preview.before(), preview.after(), manifest.units());
        }
    }
}
