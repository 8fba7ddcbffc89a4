package countersign.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.InMemoryApplyLog;
import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Faults;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import countersign.repository.FileMode;
import countersign.signing.SshPrivateKey;
import countersign.target.Driver;
import countersign.target.HealthCheck;
import countersign.target.HealthRunner;
import countersign.target.Location;
import countersign.target.Release;
import countersign.target.ReleaseFile;
import countersign.target.TargetState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A log, targets, and an applier that can be killed and started anew. Text that contains "ill" is not healthy. */
final class ApplyScene {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final Unit STORE = unit("storefront");
    static final Unit CHECKOUT = unit("checkout");
    static final Unit DATABASE = unit("order-database");
    static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);

    final InMemoryApplyLog log = new InMemoryApplyLog();
    final CountingDriver driver;
    final Map<Unit, String> wanted = new TreeMap<>();
    final Map<Unit, Set<String>> startAfter = new HashMap<>();
    Applications applications = new Applications();
    private ApplyMemory memory = ApplyMemory.NONE;
    Applier applier;
    Faults faults = Faults.NONE;

    /** The T of the next merges. */
    Instant time = NOW;

    /** Until when freezes hold merges up, by their changes. */
    final Map<ChangeId, Instant> frozenUntil = new HashMap<>();

    /** The present time. */
    Instant now = NOW;

    /** Why merges are tainted, by their changes. */
    final Map<ChangeId, List<String>> tainted = new HashMap<>();

    private final Map<ChangeId, Map<Unit, Optional<String>>> contents = new HashMap<>();
    private final Map<SignedReceipt, Receipt> verified = new HashMap<>();
    private long seq;

    /** The program died here. */
    static final class Crash extends Error {
        Crash(String point) {
            super(point);
        }
    }

    ApplyScene(Driver driver) {
        this.driver = new CountingDriver(driver);
        restart();
    }

    static Unit unit(String system) {
        return new Unit("web-test", system);
    }

    /** The release that stands, in the folder of a directory driver. */
    static Path current(Path root, Unit unit) {
        try {
            return root.resolve("shop")
                    .resolve(unit.target())
                    .resolve(unit.system())
                    .resolve("current")
                    .toRealPath();
        } catch (IOException absent) {
            throw new AssertionError(absent);
        }
    }

    static Location location(Unit unit) {
        return new Location(unit.target(), "shop/" + unit.target(), unit.system());
    }

    /** Merges a change that wants these texts; an empty one takes the unit away. */
    MergedChange merge(String name, Map<Unit, String> texts) {
        return merge(name, texts, null);
    }

    MergedChange merge(String name, Map<Unit, String> texts, @Nullable Instant applyBy) {
        List<Manifest.UnitChange> units = new ArrayList<>();
        Map<Unit, Optional<String>> wants = new TreeMap<>();
        new TreeMap<>(texts).forEach((unit, text) -> {
            Optional<String> after = Optional.of(text).filter(some -> !some.isEmpty());
            wants.put(unit, after);
            Manifest.DigestPair state =
                    new Manifest.DigestPair(digest(Optional.ofNullable(wanted.get(unit))), digest(after));
            units.add(new Manifest.UnitChange(unit, state, state));
            after.ifPresentOrElse(some -> wanted.put(unit, some), () -> wanted.remove(unit));
        });
        ChangeId change = ChangeId.parse("2026-11-21/" + name);
        contents.put(change, wants);
        seq++;
        MergedChange merged = new MergedChange(
                seq, change, Sha256.of(name.getBytes(UTF_8)), "b".repeat(40), commit(name), units, time, applyBy);
        log.add(merged);
        applications.merged(merged);
        return merged;
    }

    /** The commit of a merge. */
    static String commit(String name) {
        return Sha256.of(name.getBytes(UTF_8)).hex().substring(0, 40);
    }

    /** Who remembers the last start and reads the rest must know the same as who reads everything. */
    private void checkMemory(ApplyLog used) {
        Applications recalled = Applications.recall(ApplyMemory.parse(memory.text()));
        recalled.replay(used);
        memory = applications.memory(log.size());
        assertThat(recalled.memory(log.size())).isEqualTo(memory);
        assertThat(recalled.next()).isEqualTo(applications.next());
        recalled.next()
                .ifPresent(due -> assertThat(recalled.units(due.change())).isEqualTo(applications.units(due.change())));
    }

    /** Forgets everything but the log and the targets. */
    void restart() {
        useLog(log);
    }

    void useLog(ApplyLog used) {
        applications = new Applications();
        applications.replay(used);
        checkMemory(used);
        Applier.Wiring wiring = new Applier.Wiring(
                applications,
                new SceneContents(),
                used,
                new SceneTaint(),
                (change, time) -> Optional.ofNullable(frozenUntil.get(change.change()))
                        .filter(time::isBefore)
                        .map(end -> "frozen until " + end),
                Map.of("directory", driver),
                new HealthRunner(),
                new Applier.Identity("4c2f7a1e-0000-4000-8000-000000000000", "log.shop.example", "server", KEY),
                () -> now,
                point -> faults.reach(point));
        applier = new Applier(wiring);
    }

    void drain() {
        while (applier.applyNext()) {
            Objects.requireNonNull(applier);
        }
    }

    /** Goes on until the program reaches a point, and dies there. */
    void drainAndDieAt(String point) {
        faults = reached -> {
            if (reached.equals(point)) {
                throw new Crash(point);
            }
        };
        try {
            drain();
            throw new AssertionError("never reached " + point);
        } catch (Crash expected) {
            faults = Faults.NONE;
            restart();
        }
    }

    String standing(Unit unit) {
        return driver.read(location(unit), "app.txt", 1000)
                .map(bytes -> new String(bytes, UTF_8))
                .orElse("");
    }

    ApplyState state(MergedChange change) {
        return applications.find(change.change()).orElseThrow();
    }

    List<String> outcomes(MergedChange change, Unit unit) {
        return receipts(change, unit).stream()
                .map(receipt -> receipt.outcome().label())
                .toList();
    }

    List<String> reasons(MergedChange change, Unit unit) {
        return receipts(change, unit).stream()
                .map(receipt -> String.valueOf(receipt.reason()))
                .toList();
    }

    List<Receipt> receipts(MergedChange change, Unit unit) {
        return log.receipts().stream()
                .map(signed -> verified.computeIfAbsent(signed, fresh -> fresh.verify(List.of(KEY.publicKey()))))
                .filter(receipt -> receipt.about().change().equals(change.change())
                        && receipt.about().unit().equals(unit))
                .toList();
    }

    static @Nullable Sha256 digest(Optional<String> text) {
        return text.map(some -> Release.of(location(unit("any")), TargetState.NOTHING, files(some))
                        .after()
                        .digest())
                .orElse(null);
    }

    static List<ReleaseFile> files(String text) {
        return List.of(
                new ReleaseFile("app.txt", FileMode.REGULAR, text.getBytes(UTF_8)),
                new ReleaseFile("bin/run", FileMode.EXECUTABLE, ("echo " + text).getBytes(UTF_8)));
    }

    private final class SceneTaint implements MergeTaint {
        @Override
        public List<String> of(MergedChange change) {
            return tainted.getOrDefault(change.change(), List.of());
        }

        @Override
        public boolean any() {
            return !tainted.isEmpty();
        }
    }

    private final class SceneContents implements UnitContents {
        @Override
        public UnitPlan plan(MergedChange change, Unit unit) {
            Optional<String> text =
                    Objects.requireNonNull(contents.get(change.change()).get(unit));
            String lookedFor = text.filter(some -> some.contains("ill")).isPresent() ? "recovery" : text.orElse("");
            HealthCheck check = new HealthCheck.File("sound", "app.txt", lookedFor);
            return new UnitPlan(
                    location(unit),
                    unit.system().equals("elsewhere") ? "ssh" : "directory",
                    false,
                    startAfter.getOrDefault(unit, Set.of()),
                    new HealthCheck.Suite(List.of(check), Duration.ofSeconds(1)),
                    5);
        }

        @Override
        public Optional<List<ReleaseFile>> files(MergedChange change, Unit unit) {
            Optional<String> text =
                    Objects.requireNonNull(contents.get(change.change()).get(unit));
            if (text.filter("forged"::equals).isPresent()) {
                return Optional.of(ApplyScene.files("something else"));
            }
            if (text.filter("unreadable"::equals).isPresent()) {
                throw new Refusal("missing-payload", "the tree lacks a payload");
            }
            return text.map(ApplyScene::files);
        }
    }

    /** Counts what moves. */
    static final class CountingDriver implements Driver {
        final List<String> moves = new ArrayList<>();

        private final Driver driver;

        CountingDriver(Driver driver) {
            this.driver = driver;
        }

        @Override
        public String name() {
            return driver.name();
        }

        @Override
        public TargetState observe(Location location) {
            return driver.observe(location);
        }

        @Override
        public Optional<byte[]> read(Location location, String path, int maxBytes) {
            return driver.read(location, path, maxBytes);
        }

        @Override
        public Backup backup(Release release) {
            return driver.backup(release);
        }

        @Override
        public void stage(Release release) {
            driver.stage(release);
        }

        @Override
        public Activation activate(Release release) {
            Activation activation = driver.activate(release);
            if (activation == Activation.ACTIVATED) {
                moves.add("activate " + release.location().system());
            }
            return activation;
        }

        @Override
        public TargetState restore(Location location, TargetState undone) {
            TargetState restored = driver.restore(location, undone);
            moves.add("restore " + location.system());
            return restored;
        }
    }
}
