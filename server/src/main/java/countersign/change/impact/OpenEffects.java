package countersign.change.impact;

import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.merge.Preview;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which open changes touch a path or reach a target, as they were previewed last. Thread-safe: one lock. */
public final class OpenEffects {
    private final Map<ChangeId, Effect> effects = new HashMap<>();
    private final Map<String, Set<ChangeId>> byPath = new HashMap<>();
    private final Map<String, Set<ChangeId>> byTarget = new HashMap<>();

    private record Effect(Set<String> paths, Set<String> targets) {
        static Effect of(Manifest manifest) {
            Set<String> paths = new HashSet<>();
            manifest.files().forEach(file -> paths.add(file.path()));
            return new Effect(paths, Set.copyOf(manifest.targets()));
        }
    }

    /** Puts what an open change does now in the place of what it did. */
    public void note(Preview preview) {
        Manifest manifest = preview.manifest();
        ChangeId change = preview.request().id();
        Effect effect = manifest == null ? new Effect(Set.of(), Set.of()) : Effect.of(manifest);
        synchronized (this) {
            if (!effect.equals(effects.get(change))) {
                forget(change);
                effects.put(change, effect);
                effect.paths.forEach(path -> add(byPath, path, change));
                effect.targets.forEach(target -> add(byTarget, target, change));
            }
        }
    }

    /** Leaves out a change that is closed. */
    public synchronized void forget(ChangeId change) {
        Effect effect = effects.remove(change);
        if (effect != null) {
            effect.paths.forEach(path -> remove(byPath, path, change));
            effect.targets.forEach(target -> remove(byTarget, target, change));
        }
    }

    /** Whether what the change does was ever noted. */
    public synchronized boolean knows(ChangeId change) {
        return effects.containsKey(change);
    }

    /** The other changes that touch a path or reach a target which a change touches or reaches. */
    public Set<ChangeId> meeting(ChangeId change, Manifest manifest) {
        Set<ChangeId> meeting = new HashSet<>();
        synchronized (this) {
            manifest.files().forEach(file -> meeting.addAll(byPath.getOrDefault(file.path(), Set.of())));
            manifest.targets().forEach(target -> meeting.addAll(byTarget.getOrDefault(target, Set.of())));
        }
        meeting.remove(change);
        return meeting;
    }

    private static void add(Map<String, Set<ChangeId>> index, String key, ChangeId change) {
        index.computeIfAbsent(key, first -> new HashSet<>()).add(change);
    }

    private static void remove(Map<String, Set<ChangeId>> index, String key, ChangeId change) {
        Set<ChangeId> changes = index.getOrDefault(key, new HashSet<>());
        changes.remove(change);
        if (changes.isEmpty()) {
            index.remove(key);
        }
    }
}
