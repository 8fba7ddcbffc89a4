package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.audit.rehearsal.Rehearsal;
import countersign.audit.rehearsal.Rehearsal.Judged;
import countersign.cli.folder.PolicyCommand;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.git.GitRepository;
import countersign.policy.Policy;
import countersign.policy.testing.PolicyFiles;
import countersign.repository.Repository;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Plays policies over the merges of a real clone. */
final class RehearsalTest {
    private static final String TWO_VOTES = """
            apiVersion: countersign.dev/v1
            kind: Policy
            metadata: {name: two-votes}
            spec:
              description: Two people approve whatever it is.
              subject: change
              match: {}
              conditions: [{name: forward, expression: change.operation == 'apply'}]
              rules:
                - id: two
                  expression: size(approvals) >= 2
                  message: too few
                  messageExpression: "change.name + ' has ' + string(size(approvals))"
              enforcement: {default: deny}
            """;

    @TempDir
    static Path folder;

    private static Path clone;

    @BeforeAll
    static void play() throws IOException, InterruptedException {
        clone = History.play(folder).copy(folder.resolve("own.git"));
    }

    @Test
    void changes_that_a_policy_would_have_denied_are_named_with_their_merge_and_message() {
        List<Judged> judged = judge(TWO_VOTES, Instant.EPOCH, 100);

        assertThat(judged).hasSizeGreaterThan(4);
        assertThat(judged).extracting(Judged::time).isSortedAccordingTo((a, b) -> b.compareTo(a));
        List<Judged> denied =
                judged.stream().filter(one -> !one.denials().isEmpty()).toList();
        assertThat(denied).singleElement().satisfies(one -> {
            assertThat(one.change().name()).isEqualTo("readme");
            assertThat(one.denials().get(0).findings().get(0).message()).isEqualTo("readme has 1");
            assertThat(one.denials().get(0).findings().get(0).place().path())
                    .isEqualTo(one.change().document());
        });
    }

    @Test
    void a_rehearsal_ends_at_the_day_and_when_the_listener_has_enough() {
        List<Judged> all = judge(TWO_VOTES, Instant.EPOCH, 100);

        assertThat(judge(TWO_VOTES, Instant.EPOCH, 2)).hasSize(2);
        assertThat(judge(TWO_VOTES, all.get(0).time().plusSeconds(1), 100)).isEmpty();
    }

    @Test
    void the_verb_says_what_would_have_been_denied_and_fails() throws IOException {
        Path file = Files.writeString(folder.resolve("two-votes.yaml"), TWO_VOTES);
        StringWriter lines = new StringWriter();
        StringWriter json = new StringWriter();

        int code = verb(lines, "replay", file.toString(), "--clone", clone.toString());
        verb(json, "replay", file.toString(), "--clone", clone.toString(), "--json");

        assertThat(code).isEqualTo(1);
        assertThat(lines.toString())
                .contains("/readme merged 2026-", "readme has 1 [two-votes/two]", "1 would have been denied");
        Fields view = Fields.of("view", Json.readObject("view", json.toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(view.integer("denied")).isEqualTo(1);
        assertThat(view.objectList("denials").get(0).text("merge")).matches("[0-9a-f]{40}([0-9a-f]{24})?");
    }

    @Test
    void a_policy_that_holds_for_all_history_is_no_news() throws IOException {
        Path file = Files.writeString(
                folder.resolve("always.yaml"),
                TWO_VOTES.replace("two-votes", "always").replace("size(approvals) >= 2", "size(approvals) >= 0"));
        StringWriter lines = new StringWriter();

        assertThat(verb(lines, "replay", file.toString(), "--clone", clone.toString()))
                .isZero();
        assertThat(lines.toString()).contains("; 0 would have been denied");
    }

    private static int verb(StringWriter out, String... words) {
        CommandLine line = PolicyCommand.commandLine(GitRepository::openForReading);
        return line.setOut(new PrintWriter(out)).execute(words);
    }

    private static List<Judged> judge(String policy, Instant since, int most) {
        List<Policy> policies = PolicyFiles.read(
                        Map.of("policies/two-votes.yaml", policy.getBytes(StandardCharsets.UTF_8)))
                .policies();
        List<Judged> judged = new ArrayList<>();
        try (Repository repository = GitRepository.openForReading(clone)) {
            new Rehearsal(repository).run(policies, since, one -> {
                judged.add(one);
                return judged.size() < most;
            });
        }
        return judged;
    }
}
