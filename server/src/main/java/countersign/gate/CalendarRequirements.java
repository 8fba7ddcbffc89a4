package countersign.gate;

import countersign.access.PathFacets;
import countersign.gate.calendar.Calendar;
import countersign.gate.calendar.CalendarEntry;
import countersign.gate.calendar.Calendars;
import countersign.gate.calendar.Occurrence;
import countersign.gate.calendar.Touch;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Vote;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the calendars of the tree before ask of a change at T: no freeze of what it touches holds, and a window is open
 * where it needs one. Thread-safe.
 */
final class CalendarRequirements {
    static final String FREEZE = "change-freeze/";
    static final String WINDOW = "maintenance-window/";

    private static final int PATHS_SHOWN = 20;
    private static final DateTimeFormatter WALL = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

    private final Calendars calendars;
    private final Touches touches;

    CalendarRequirements(DocumentReader documents, Facets facets) {
        this.calendars = new Calendars(documents);
        this.touches = new Touches(documents, facets);
    }

    /**
     * What one calendar looks at.
     *
     * @param touched what it binds
     * @param passes which paths it does not hold up, whatever the time
     */
    private record View(
            Calendar calendar,
            List<Touch> touched,
            Instant time,
            CountedVotes votes,
            List<PathFacets> paths,
            Predicate<PathFacets> passes) {
        /** The same for a part of what it binds. */
        View only(List<Touch> part) {
            return new View(calendar, part, time, votes, paths, passes);
        }

        List<PathFacets> touchedPaths() {
            Set<String> names = touched.stream().map(Touch::path).collect(Collectors.toSet());
            return paths.stream().filter(path -> names.contains(path.path())).toList();
        }
    }

    /**
     * The requirements of every calendar that binds the change, in the order of their file names; none if none does.
     *
     * @param paths facets of all that the change touches
     * @param passes paths that no calendar holds up: those of a granted rollback, and of an emergency that rules let pass
     */
    List<Requirement> of(Scene scene, CountedVotes votes, List<PathFacets> paths, Predicate<PathFacets> passes) {
        List<Requirement> requirements = new ArrayList<>();
        for (View view : views(scene, votes, paths, passes, new Moment(scene.before(), scene.time()))) {
            requirements.addAll(freezes(view));
            requirements.addAll(window(view));
        }
        return requirements;
    }

    /** The same of freezes only, and of those of another tree at another time. */
    List<Requirement> freezes(
            Scene scene, CountedVotes votes, List<PathFacets> paths, Predicate<PathFacets> passes, Moment moment) {
        return views(scene, votes, paths, passes, moment).stream()
                .flatMap(view -> freezes(view).stream())
                .toList();
    }

    /** Of each freeze and each set of windows that binds what the change touches, the roles that may set it aside. */
    Map<String, List<String>> overridable(Scene scene) {
        Map<String, List<String>> roles = new LinkedHashMap<>();
        List<Touch> touched = touches.of(scene.manifest(), scene.before(), scene.after());
        for (Calendar calendar : calendars.of(scene.before())) {
            List<Touch> bound = touched.stream().filter(calendar::binds).toList();
            if (bound.stream().anyMatch(touch -> !calendar.windowsOf(touch).isEmpty())) {
                roles.put(WINDOW + calendar.name(), calendar.overrideRoles());
            }
            calendar.freezes().stream()
                    .filter(freeze -> bound.stream().anyMatch(freeze::isAbout))
                    .forEach(freeze ->
                            roles.put(FREEZE + calendar.name() + "/" + freeze.name(), calendar.overrideRoles()));
        }
        return roles;
    }

    /** Whose calendars are looked at, and when. */
    record Moment(Snapshot tree, Instant time) {}

    private List<View> views(
            Scene scene, CountedVotes votes, List<PathFacets> paths, Predicate<PathFacets> passes, Moment moment) {
        List<Calendar> all = calendars.of(moment.tree());
        List<Touch> touched = all.isEmpty() ? List.of() : touches.of(scene.manifest(), scene.before(), scene.after());
        return all.stream()
                .map(calendar -> new View(
                        calendar,
                        touched.stream().filter(calendar::binds).toList(),
                        moment.time(),
                        votes,
                        paths,
                        passes))
                .toList();
    }

    /** One requirement for each freeze that holds, or one that says that none does. */
    private static List<Requirement> freezes(View view) {
        List<Requirement> holding = new ArrayList<>();
        boolean any = false;
        for (CalendarEntry freeze : view.calendar().freezes()) {
            List<Touch> frozen = view.touched().stream().filter(freeze::isAbout).toList();
            if (!frozen.isEmpty()) {
                any = true;
                freeze.timing()
                        .findAt(view.time())
                        .ifPresent(occurrence -> holding.add(freeze(view.only(frozen), freeze, occurrence)));
            }
        }
        return any && holding.isEmpty()
                ? List.of(met(view, FREEZE + view.calendar().name(), ""))
                : holding;
    }

    private static Requirement freeze(View view, CalendarEntry freeze, Occurrence occurrence) {
        Calendar calendar = view.calendar();
        String rule = FREEZE + calendar.name() + "/" + freeze.name();
        String until = calendar.path() + " freezes " + shown(view) + " by " + freeze.name() + " (" + freeze.title()
                + ") until " + both(calendar, occurrence.end());
        return heldUp(view, rule, until, "until then");
    }

    private static List<Requirement> window(View view) {
        Set<List<CalendarEntry>> sets = new LinkedHashSet<>();
        List<Touch> outside = new ArrayList<>();
        for (Touch touch : view.touched()) {
            List<CalendarEntry> windows = view.calendar().windowsOf(touch);
            if (!windows.isEmpty()) {
                sets.add(windows);
                if (!Calendar.isOpen(windows, view.time())) {
                    outside.add(touch);
                }
            }
        }
        String rule = WINDOW + view.calendar().name();
        if (outside.isEmpty()) {
            return sets.isEmpty() ? List.of() : List.of(met(view, rule, open(sets, view.time())));
        }
        return List.of(heldUp(view.only(outside), rule, closed(view, outside, sets), "for that"));
    }

    private static String open(Set<List<CalendarEntry>> sets, Instant time) {
        return sets.stream()
                .flatMap(List::stream)
                .distinct()
                .filter(window -> window.timing().findAt(time).isPresent())
                .map(CalendarEntry::name)
                .collect(Collectors.joining(", ", "open: ", ""));
    }

    private static String closed(View view, List<Touch> outside, Set<List<CalendarEntry>> sets) {
        Calendar calendar = view.calendar();
        List<CalendarEntry> frozenBy = calendar.freezes().stream()
                .filter(freeze -> view.touched().stream().anyMatch(freeze::isAbout))
                .toList();
        Optional<Instant> next = calendar.nextOpening(sets, frozenBy, view.time());
        return calendar.path() + " has maintenance windows for " + shown(view.only(outside)) + " ("
                + sets.stream()
                        .flatMap(List::stream)
                        .map(CalendarEntry::name)
                        .distinct()
                        .collect(Collectors.joining(", "))
                + "), none is open; "
                + next.map(opening -> "the next opens at " + both(calendar, opening))
                        .orElse("none opens in the next years");
    }

    /** Passed by an emergency or a granted rollback, overridden, or unmet. */
    private static Requirement heldUp(View view, String rule, String message, String wait) {
        List<PathFacets> paths = view.touchedPaths();
        if (paths.stream().allMatch(view.passes())) {
            return requirement(
                    view,
                    rule,
                    Requirement.State.NOT_APPLICABLE,
                    "an emergency or a granted rollback is not held up",
                    List.of());
        }
        List<Requirement.Evidence> overrides = overrides(view, rule).stream()
                .filter(vote -> view.time().isBefore(overriddenUntil(view.calendar(), vote)))
                .flatMap(vote -> view.votes().evidence(vote, paths).stream())
                .toList();
        return overrides.isEmpty()
                ? requirement(
                        view, rule, Requirement.State.UNSATISFIED, message + "; " + wayOut(view, rule, wait), List.of())
                : requirement(view, rule, Requirement.State.OVERRIDDEN, "", overrides);
    }

    private static List<Vote> overrides(View view, String rule) {
        return view.votes().others(Decision.OVERRIDE).stream()
                .filter(vote -> rule.equals(vote.statement().rule()))
                .filter(vote -> view.calendar()
                        .overrideRoles()
                        .contains(vote.statement().role()))
                .toList();
    }

    /** Counted from the time of its log entry, because the signer's clock is advice. */
    private static Instant overriddenUntil(Calendar calendar, Vote vote) {
        Instant longest = vote.loggedAt().plus(calendar.overrideMaximum());
        Instant said = vote.statement().expires();
        return said.isBefore(longest) ? said : longest;
    }

    private static String wayOut(View view, String rule, String wait) {
        Calendar calendar = view.calendar();
        Duration maximum = calendar.overrideMaximum();
        String signed = calendar.overrideRoles().isEmpty()
                ? "; it names nobody who may override it"
                : ", or let " + String.join(" or ", calendar.overrideRoles()) + " sign an override of " + rule
                        + ", which holds for " + maximum + " at most";
        String over = overrides(view, rule).stream()
                .map(vote -> "that of " + vote.person() + " was good until " + overriddenUntil(calendar, vote)
                        + " for what its grant covers")
                .collect(Collectors.joining("; "));
        return "wait " + wait + signed + (over.isEmpty() ? "" : "; " + over)
                + view.votes().droppedText();
    }

    private static String shown(View view) {
        List<String> paths =
                view.touched().stream().map(Touch::path).distinct().sorted().toList();
        int more = paths.size() - PATHS_SHOWN;
        return paths.stream().limit(PATHS_SHOWN).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String both(Calendar calendar, Instant time) {
        ZonedDateTime local = time.atZone(calendar.zone());
        return time + " (" + WALL.format(local) + " " + calendar.zone() + ")";
    }

    private static Requirement met(View view, String rule, String message) {
        return requirement(view, rule, Requirement.State.SATISFIED, message, List.of());
    }

    private static Requirement requirement(
            View view, String rule, Requirement.State state, String message, List<Requirement.Evidence> evidence) {
        return new Requirement(rule, view.calendar().path(), null, 0, state, message, evidence);
    }
}
