package countersign.gate;

import countersign.document.Document;
import countersign.document.Kind;
import countersign.gate.calendar.Touch;
import countersign.manifest.Manifest;
import countersign.manifest.SystemUnits;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a change touches as calendars look at it, from both sides: a path once for each document that speaks for it, a
 * Target also for the systems on it. The request of the change is no part of it, and neither are the calendars: what holds
 * everything up could otherwise never be mended. Thread-safe.
 */
final class Touches {
    private final Facets facets;
    private final SystemUnits systems;

    Touches(DocumentReader documents, Facets facets) {
        this.facets = facets;
        this.systems = new SystemUnits(documents);
    }

    List<Touch> of(Manifest manifest, Snapshot before, Snapshot after) {
        Set<Touch> touches = new LinkedHashSet<>();
        manifest.files().stream()
                .map(Manifest.FileChange::path)
                .filter(path -> !path.startsWith(Kind.CALENDAR.folder() + "/"))
                .filter(path -> !path.equals(manifest.change().document()))
                .forEach(path -> {
                    List<Touch> spoken = Stream.of(before, after)
                            .flatMap(side -> of(side, path).stream())
                            .toList();
                    touches.addAll(spoken.isEmpty() ? List.of(Touch.plain(path)) : spoken);
                });
        return List.copyOf(touches);
    }

    private List<Touch> of(Snapshot side, String path) {
        List<Touch> touches = new ArrayList<>();
        for (Document document : facets.speakingFor(side, path)) {
            if (document.kind() == Kind.TARGET) {
                touches.add(touch(path, document, List.of(document)));
                systems.all(side).stream()
                        .filter(system -> system.spec().textList("targets").contains(document.name()))
                        .forEach(system -> touches.add(touch(path, system, List.of(document))));
            } else {
                touches.add(touch(path, document, facets.targets(side, document)));
            }
        }
        return touches;
    }

    private static Touch touch(String path, Document document, List<Document> targets) {
        TreeSet<String> environments = new TreeSet<>();
        Facets.addIfPresent(document, "environment", environments);
        targets.forEach(target -> Facets.addIfPresent(target, "environment", environments));
        TreeSet<String> calendars = new TreeSet<>();
        boolean system = document.kind() == Kind.SYSTEM_CONFIG;
        if (system) {
            Facets.addIfPresent(document, "calendar", calendars);
        }
        List<String> names = targets.stream().map(Document::name).toList();
        return new Touch(path, environments, system ? Set.of(document.name()) : Set.of(), Set.copyOf(names), calendars);
    }
}
