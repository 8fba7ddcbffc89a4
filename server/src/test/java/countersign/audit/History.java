package countersign.audit;

import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.wish.Draft;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.git.Git;
import countersign.git.GitRepository;
import countersign.log.Faults;
import countersign.log.LogEntry;
import countersign.merge.LogMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A shop's history of seven merges, made by the real server code, and a mirror clone of it made by the real git. */
final class History {
    static final String REQUEST = "changes/" + Shop.DAY + "/";
    static final String GRANT = "access/grants/carol-approver.yaml";

    final Shop shop;
    final String genesis;
    final List<byte[]> entries = new ArrayList<>();
    private final Path clone;

    private History(Shop shop, String genesis, Path clone) {
        this.shop = shop;
        this.genesis = genesis;
        this.clone = clone;
    }

    /** The history of another shop as it is now, and a clone of it. */
    static History of(ClonedShop cloned, Path clone) {
        History history = new History(cloned.shop, cloned.genesis(), clone);
        for (long index = 0; index < cloned.shop.log().size(); index++) {
            history.entries.add(cloned.shop.log().entry(index));
        }
        return history;
    }

    /** Plays the history below a folder. */
    static History play(Path folder) throws IOException, InterruptedException {
        Path server = folder.resolve("server.git");
        GitRepository repository = GitRepository.create(server);
        try (Shop shop = Shop.open(folder, repository, Faults.NONE)) {
            LogMirror mirror = new LogMirror(repository, shop.log(), shop.now::get);
            History history = new History(shop, shop.changes().main(), folder.resolve("clone.git"));
            history.rulesThatCanBeOverridden();
            history.rejectionWithdrawn();
            mirror.publish();
            history.rollback();
            history.override();
            history.newGrant();
            mirror.publish();
            repository.flush();
            for (long index = 0; index < shop.log().size(); index++) {
                history.entries.add(shop.log().entry(index));
            }
            new Git(folder).run("clone", "--quiet", "--mirror", server.toString(), history.clone.toString());
            history.unpack();
            return history;
        }
    }

    /** A copy of the clone, to be tampered with. */
    Path copy(Path folder) throws IOException, InterruptedException {
        Process copying = new ProcessBuilder("cp", "-a", clone.toString(), folder.toString())
                .inheritIO()
                .start();
        if (copying.waitFor() != 0) {
            throw new IOException("no copy at " + folder);
        }
        return folder;
    }

    LogEntry.Merge lastMerge() {
        return (LogEntry.Merge) LogEntry.parse(entries.get(lastIndex(LogEntry.Merge.class)));
    }

    /** Index of the last entry of a type. */
    int lastIndex(Class<? extends LogEntry> type) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            if (type.isInstance(LogEntry.parse(entries.get(index)))) {
                return index;
            }
        }
        throw new IllegalStateException("no " + type);
    }

    private void rulesThatCanBeOverridden() {
        shop.open("ann", "overridable", Map.of("policies/production.yaml", """
                apiVersion: countersign.dev/v1
                kind: ApprovalRule
                metadata:
                  name: production
                spec:
                  match: {environments: [production]}
                  require: [{role: approver, count: 2}, {role: security, count: 1}]
                  override: {roles: [change-control]}
                """));
        merge("overridable", "carol", "dave");
    }

    private void rejectionWithdrawn() {
        shop.opened("raise-timeout", 60);
        shop.vote("raise-timeout", "carol", Decision.REJECT, "approver");
        shop.vote("raise-timeout", "carol", Decision.WITHDRAW, "approver");
        shop.vote("raise-timeout", "erin", Decision.APPROVE, "security");
        merge("raise-timeout", "carol", "dave");
        receipt(shop.changes().get("raise-timeout"));
        shop.open("bob", "readme", Map.of("README.md", "# Our shop\n"));
        merge("readme", "carol");
    }

    private void rollback() {
        String name = shop.changes().rollback("raise-timeout", "frank").id().name();
        shop.vote(name, "frank", Decision.ROLLBACK, "operator");
        merge(name);
    }

    private void override() {
        shop.opened("hurry", 90);
        Statement statement = shop.changes()
                .draft(
                        "hurry",
                        new Draft("frank", Decision.OVERRIDE, "change-control", "erin is away", "production", "cli"));
        shop.changes().vote("hurry", statement.bytes(), Shop.key("frank").sign(Statement.NAMESPACE, statement.bytes()));
        merge("hurry", "carol", "dave");
    }

    private void newGrant() {
        shop.open("ann", "grant-bob", Map.of("access/grants/bob-approver.yaml", """
                apiVersion: countersign.dev/v1
                kind: RoleGrant
                metadata:
                  name: bob-approver
                spec:
                  person: bob
                  role: approver
                  notBefore: "2026-01-01T00:00:00Z"
                  notAfter: "2027-12-31T00:00:00Z"
                """));
        merge("grant-bob", "carol", "dave");
        shop.opened("lower-timeout", 15);
        shop.vote("lower-timeout", "bob", Decision.APPROVE, "approver");
        shop.vote("lower-timeout", "erin", Decision.APPROVE, "security");
        merge("lower-timeout", "carol");
        receipt(shop.changes().get("lower-timeout"));
    }

    private void merge(String change, String... approvers) {
        for (String person : approvers) {
            shop.vote(change, person, Decision.APPROVE, "approver");
        }
        shop.now.updateAndGet(now -> now.plus(Duration.ofMinutes(10)));
        shop.changes().merge(change);
    }

    private void receipt(Change change) {
        SignedReceipt receipt = CheckoutTarget.in(shop, "production").receipt(change, Receipt.Outcome.APPLIED);
        shop.log().append(receipt.entry(shop.now.get()));
    }

    /** So that every object is a file of its own. */
    private void unpack() throws IOException, InterruptedException {
        Path packs = clone.resolve("objects/pack");
        Path aside = Files.createDirectory(clone.resolveSibling("packs"));
        try (Stream<Path> files = Files.list(packs)) {
            for (Path file : files.toList()) {
                Files.move(file, aside.resolve(file.getFileName()));
            }
        }
        try (Stream<Path> files = Files.list(aside)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pack")).toList()) {
                Process unpacking = new ProcessBuilder("git", "unpack-objects", "-q")
                        .directory(clone.toFile())
                        .redirectInput(file.toFile())
                        .start();
                if (unpacking.waitFor() != 0) {
                    throw new IOException("git unpack-objects failed");
                }
            }
        }
    }
}
