package countersign.git.transport;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.git.Git;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.repository.Edit;
import countersign.repository.Repository;
import countersign.repository.push.Push;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A push is judged against the main that it was received beside, whatever is merged meanwhile. */
final class PushDuringMergeTest {
    @Test
    void a_push_is_taken_in_although_a_merge_ended_while_it_was_received(@TempDir Path folder) throws Exception {
        GitRepository repository = GitRepository.create(folder.resolve("store.git"));
        try (Shop shop = Shop.open(folder.resolve("shop"), repository, Faults.NONE)) {
            shop.opened("raise-timeout", 60);
            shop.approve("raise-timeout");
            PushPolicy real = shop.changes().pushPolicy();
            PushPolicy late = new LatePolicy(real, () -> shop.changes().merge("raise-timeout"));
            try (TransportServer server = new TransportServer(new SmartTransport(repository), late)) {
                Git work = clone(folder, server);
                Files.createDirectories(folder.resolve("work/changes").resolve(Shop.DAY));
                Shop.opening("ann", "new-note", Map.of("docs/note.md", "a note\n"))
                        .edits()
                        .forEach((path, edit) -> write(folder.resolve("work").resolve(path), edit));
                work.run("add", "-A");
                work.run("commit", "-q", "-m", "Add a note");

                String said =
                        work.attempt("push", "origin", "HEAD:change/new-note").error();

                assertThat(said).contains("change #2 2026-11-21/new-note");
            }
            assertThat(shop.changes().get("raise-timeout").merged()).isNotNull();
        }
    }

    private static Git clone(Path folder, TransportServer server) throws Exception {
        new Git(folder).run("clone", "-q", server.url(), "work");
        return new Git(folder.resolve("work"), "Ann", "ann@shop.example");
    }

    private static void write(Path file, Edit edit) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, ((Edit.Write) edit).bytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Lets something happen after a push was received and before it is judged. */
    private record LatePolicy(PushPolicy policy, Runnable meanwhile) implements PushPolicy {
        @Override
        public void requireOpen() {
            policy.requireOpen();
        }

        @Override
        public Verdict judge(Push push) {
            meanwhile.run();
            return policy.judge(push);
        }

        @Override
        public List<Repository.RefMove> moves(Push push) {
            return policy.moves(push);
        }

        @Override
        public void accepted(Push push) {
            policy.accepted(push);
        }
    }
}
