package countersign.change.impact;

import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.merge.Preview;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which open changes are in each other's way, as they stand at the moment of the question, and telling both sides when a push
 * makes it so. Only changes that have a path or a target in common are looked at. Thread-safe.
 */
public final class Conflicts {
    private final ChangeStore store;
    private final OpenEffects effects;
    private final Supplier<? extends Collection<ChangeId>> open;
    private final Function<Change, Preview> previews;
    private final BiConsumer<ChangeId, List<Happening>> events;
    private final Deque<ChangeId> unseen = new ArrayDeque<>();
    private boolean begun;

    /**
     * @param effects what open changes do; of each that is previewed it is noted there
     * @param open the open changes
     * @param previews what an open change does; may refuse where that can't be said
     * @param events told of what happened to a change and what it met
     */
    public Conflicts(
            ChangeStore store,
            OpenEffects effects,
            Supplier<? extends Collection<ChangeId>> open,
            Function<Change, Preview> previews,
            BiConsumer<ChangeId, List<Happening>> events) {
        this.store = store;
        this.effects = effects;
        this.open = open;
        this.previews = previews;
        this.events = events;
    }

    /**
     * Looks at what was open before the start, which would else be done at the first question: one change after another, so
     * that a question that comes meanwhile has the less to do.
     *
     * @param goOn asked before each
     */
    public void prepare(BooleanSupplier goOn) {
        boolean more = true;
        while (more && goOn.getAsBoolean()) {
            more = previewNext();
        }
    }

    /** The other open changes that are in the way of one, newest first; those that are wrong themselves are not. */
    public List<Conflict> of(Preview mine) {
        prepare(() -> true);
        return effects.meeting(mine.request().id(), mine.requireManifest()).stream()
                .flatMap(id -> findOpen(id).stream())
                .sorted(Comparator.comparing(Change::number).reversed())
                .flatMap(other -> between(mine, other).stream())
                .toList();
    }

    /** The same for an open change; none while it is wrong itself. */
    public List<Conflict> of(Change change) {
        return sound(change).map(this::of).orElse(List.of());
    }

    /**
     * Takes in a push, and tells of each conflict that was not there before it: one event about either change.
     *
     * @param push records it
     */
    public void pushed(Change change, Runnable push) {
        Set<ChangeId> known = findOpen(change.id()).stream()
                .flatMap(before -> of(before).stream())
                .map(Conflict::other)
                .collect(Collectors.toSet());
        push.run();
        findOpen(change.id())
                .ifPresent(pushed -> of(pushed).stream()
                        .filter(conflict -> !known.contains(conflict.other()))
                        .forEach(conflict -> tell(pushed, conflict)));
    }

    private void tell(Change pushed, Conflict conflict) {
        Change other = store.find(conflict.other()).orElseThrow();
        Instant at = pushed.tip().at();
        String person = pushed.tip().uploader();
        List<Happening> both = new ArrayList<>();
        both.add(new Happening(
                EventType.CHANGE_CONFLICTED, at, pushed.id().name(), person, detail(pushed, other, conflict)));
        both.add(new Happening(
                EventType.CHANGE_CONFLICTED, at, other.id().name(), person, detail(other, pushed, conflict)));
        events.accept(pushed.id(), both);
    }

    private static Map<String, @Nullable Object> detail(Change of, Change other, Conflict conflict) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("number", of.number());
        detail.put("title", of.title());
        detail.put("requester", of.requester());
        detail.put("state", of.state().label());
        detail.put("other", other.id().toString());
        detail.put("otherRequester", other.requester());
        detail.put("paths", conflict.paths());
        detail.put("targets", conflict.targets());
        detail.put("times", conflict.times().label());
        return detail;
    }

    private Optional<Conflict> between(Preview mine, Change other) {
        return sound(other).flatMap(theirs -> Conflict.between(mine, theirs));
    }

    /** What a change does; empty while it is wrong itself. */
    private Optional<Preview> sound(Change change) {
        try {
            return Optional.of(previews.apply(change))
                    .filter(preview -> !preview.blocked() && preview.manifest() != null);
        } catch (Refusal wrong) {
            return Optional.empty();
        }
    }

    private Optional<Change> findOpen(ChangeId id) {
        return store.find(id).filter(change -> change.state().open());
    }

    /** Has the next of what was open before the start noted, unless it was meanwhile; false if there is none. */
    private synchronized boolean previewNext() {
        if (!begun) {
            unseen.addAll(open.get());
            begun = true;
        }
        ChangeId next = unseen.peek();
        if (next == null) {
            return false;
        }
        if (!effects.knows(next)) {
            findOpen(next).ifPresent(this::sound);
        }
        unseen.remove();
        return true;
    }
}
