package countersign.target;

import countersign.codec.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A driver whose targets are maps. Thread-safe: every method holds the one lock. */
public final class InMemoryDriver implements Driver {
    private record Standing(TargetState state, List<ReleaseFile> files) {}

    private static final Standing EMPTY = new Standing(TargetState.NOTHING, List.of());

    private final Map<Location, Deque<Standing>> histories = new HashMap<>();
    private final Map<Location, Release> staged = new HashMap<>();
    private Optional<Space> space = Optional.empty();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public synchronized TargetState observe(Location location) {
        return standing(location).state();
    }

    @Override
    public synchronized Optional<byte[]> read(Location location, String path, int maxBytes) {
        Optional<byte[]> bytes = standing(location).files().stream()
                .filter(file -> file.path().equals(path))
                .map(ReleaseFile::bytes)
                .findFirst();
        if (bytes.isPresent() && bytes.get().length > maxBytes) {
            throw new Refusal("too-large", path + " has more than " + maxBytes + " bytes");
        }
        return bytes;
    }

    /** Has every target report so much room. */
    public synchronized void report(Space space) {
        this.space = Optional.of(space);
    }

    @Override
    public synchronized Optional<Space> space(Location location) {
        return space;
    }

    @Override
    public synchronized Backup backup(Release release) {
        requireStanding(release.location(), release.before());
        int depth = history(release.location()).size();
        return new Backup(release.before().nothing() ? "nothing" : "memory-" + depth, observe(release.location()));
    }

    @Override
    public synchronized void stage(Release release) {
        staged.put(release.location(), release);
    }

    @Override
    public synchronized Activation activate(Release release) {
        Location location = release.location();
        if (observe(location).same(release.after())) {
            return Activation.ALREADY_STANDING;
        }
        requireStanding(location, release.before());
        Release ready = staged.remove(location);
        if (ready == null || !ready.after().same(release.after())) {
            throw new IllegalStateException("not staged: " + release.after() + " for " + location);
        }
        history(location).push(new Standing(ready.after(), ready.files()));
        return Activation.ACTIVATED;
    }

    @Override
    public synchronized TargetState restore(Location location, TargetState undone) {
        requireStanding(location, undone);
        if (history(location).poll() == null) {
            throw new Refusal("no-backup", "nothing was ever activated for " + location);
        }
        return observe(location);
    }

    /** Changes what stands without a release, as somebody with access to the machine could. */
    public synchronized void interfere(Location location, List<ReleaseFile> files) {
        Deque<Standing> history = history(location);
        history.poll();
        history.push(new Standing(
                TargetState.of(files.stream().map(ReleaseFile::state).toList()), files));
    }

    private Standing standing(Location location) {
        Standing standing = history(location).peek();
        return standing == null ? EMPTY : standing;
    }

    private Deque<Standing> history(Location location) {
        return histories.computeIfAbsent(location, unknown -> new ArrayDeque<>());
    }

    private void requireStanding(Location location, TargetState expected) {
        TargetState standing = observe(location);
        if (!standing.same(expected)) {
            throw TargetState.drifted(location, expected, standing);
        }
    }
}
