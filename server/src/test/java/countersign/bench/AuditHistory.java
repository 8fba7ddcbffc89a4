package countersign.bench;

import countersign.change.Shop;
import countersign.change.wish.Opening;
import countersign.gate.vote.Decision;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.merge.LogMirror;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/**
 * A history of changes with three signatures each, made by the server's own code, and a clone of it made by git: one
 * pack, as a person who clones has it. The first change adds a thousand systems, each other one edits one of them.
 */
final class AuditHistory {
    private static final int SYSTEMS = 1_000;
    private static final int CHANGES_A_DAY = 100;
    private static final LocalDate FIRST_DAY = LocalDate.parse(Shop.DAY);
    private static final Duration BETWEEN = Duration.ofHours(24).dividedBy(CHANGES_A_DAY);

    private final Shop shop;
    private final String genesis;

    private AuditHistory(Shop shop) {
        this.shop = shop;
        this.genesis = shop.changes().main();
    }

    /**
     * What is audited.
     *
     * @param folder the bare clone
     * @param genesis its genesis commit
     */
    record Clone(Path folder, String genesis) {}

    /** Makes as many changes below a folder. */
    static Clone make(Path folder, int changes) throws IOException, InterruptedException {
        Path server = folder.resolve("server.git");
        Path clone = folder.resolve("clone.git");
        GitRepository repository = GitRepository.create(server);
        repository.startPacking();
        try (Shop shop = Shop.open(folder, repository, Faults.NONE)) {
            AuditHistory history = new AuditHistory(shop);
            LogMirror mirror = new LogMirror(repository, shop.log(), shop.now::get);
            for (int change = 0; change < changes; change++) {
                history.merge(change);
                if (change % 50 == 0) {
                    mirror.publish();
                }
            }
            mirror.publish();
            repository.pack();
            GitProcess.run(folder, "clone", "--quiet", "--mirror", "--no-local", server.toString(), clone.toString());
            return new Clone(clone, history.genesis);
        }
    }

    private void merge(int number) {
        LocalDate day = FIRST_DAY.plusDays(number / CHANGES_A_DAY);
        String name = "change-" + number;
        Map<String, Edit> edits = new HashMap<>();
        edits.put("changes/" + day + "/" + name + ".yaml", write(request(name)));
        if (number == 0) {
            for (int system = 0; system < SYSTEMS; system++) {
                edits.put(ShopFolder.path(system), write(ShopFolder.system(system, "1")));
            }
        } else {
            int system = number * 7919 % SYSTEMS;
            edits.put(ShopFolder.path(system), write(ShopFolder.system(system, name)));
        }
        shop.changes().open("ann", new Opening("Release " + name, edits));
        shop.vote(name, "carol", Decision.APPROVE, "approver");
        shop.vote(name, "dave", Decision.APPROVE, "approver");
        shop.vote(name, "erin", Decision.APPROVE, "security");
        shop.now.updateAndGet(now -> now.plus(BETWEEN));
        shop.changes().merge(name);
    }

    private static String request(String name) {
        return ShopFolder.request(name);
    }

    private static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(StandardCharsets.UTF_8));
    }
}
