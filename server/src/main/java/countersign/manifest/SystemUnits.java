package countersign.manifest;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.overlay.OverlaidTree;
import countersign.document.overlay.Overlays;
import countersign.manifest.rendering.Plain;
import countersign.manifest.rendering.Rendering;
import countersign.repository.DocumentReader;
import countersign.repository.FileMode;
import countersign.repository.Remembered;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the units of systems from a snapshot (engine 1). Thread-safe. */
public final class SystemUnits {
    /** What of a SystemConfig is part of the plan, besides the target and the packages. */
    private static final List<String> PLANNED =
            List.of("health", "startAfter", "dependsOn", "backup", "steps", "rollout");

    private static final int REMEMBERED = 2_000;

    private final DocumentReader documents;
    private final Remembered<List<UnitDigests>> digests = new Remembered<>(REMEMBERED);

    public SystemUnits(DocumentReader documents) {
        this.documents = documents;
    }

    /** The SystemConfigs of a family, the folder {@code systems/<family>}. */
    public List<Document> ofFamily(Snapshot snapshot, String family) {
        return documents.list(snapshot, "systems/" + family).stream()
                .filter(document -> document.kind() == Kind.SYSTEM_CONFIG)
                .toList();
    }

    /** Every SystemConfig; its cost follows the number of systems. */
    public List<Document> all(Snapshot snapshot) {
        List<Document> systems = new ArrayList<>();
        for (TreeEntry family : snapshot.list("systems")) {
            if (family.isFolder()) {
                systems.addAll(ofFamily(snapshot, family.name()));
            }
        }
        return systems;
    }

    /** The units of one system, one per target, in the order of its targets. */
    public List<UnitContent> of(Snapshot snapshot, Document system) {
        Fields spec = system.spec();
        if (Overlays.isAbstract(system)) {
            return List.of();
        }
        List<UnitFile> files = files(snapshot, system);
        List<UnitContent> units = new ArrayList<>();
        for (String target : spec.textList("targets")) {
            units.add(new UnitContent(new Unit(target, system.name()), files, plan(snapshot, system, target)));
        }
        return units;
    }

    /** The digests of {@link #of}, remembered by everything that they follow from. */
    List<UnitDigests> digests(Snapshot snapshot, Document system) {
        return digests.get(
                sources(snapshot, system),
                () -> of(snapshot, system).stream().map(UnitDigests::of).toList());
    }

    /** Path and bytes of a system, of its bases, of all payload it may take, of its targets and its packages, by their ids. */
    private static String sources(Snapshot snapshot, Document system) {
        StringBuilder sources = new StringBuilder();
        List<String> paths = new ArrayList<>(List.of(system.path(), family(system) + "/files"));
        if (system.tree() instanceof OverlaidTree) {
            paths.add(family(system));
        }
        system.spec().textList("targets").forEach(name -> paths.add(path(Kind.TARGET, name)));
        system.spec().textList("packages").forEach(name -> paths.add(path(Kind.UPGRADE_PACKAGE, name)));
        paths.forEach(
                path -> sources.append(snapshot.find(path).map(TreeEntry::id).orElse("-"))
                        .append(' '));
        return sources.append(system.path()).toString();
    }

    /** The SystemConfig of a name. */
    public Optional<Document> document(Snapshot snapshot, String name) {
        return all(snapshot).stream()
                .filter(system -> system.name().equals(name))
                .findFirst();
    }

    /** The unit as a snapshot wants it; empty if the snapshot does not have it. */
    public Optional<UnitContent> find(Snapshot snapshot, Unit unit) {
        return all(snapshot).stream()
                .filter(system -> system.name().equals(unit.system()))
                .flatMap(system -> of(snapshot, system).stream())
                .filter(content -> content.unit().equals(unit))
                .findFirst();
    }

    private List<UnitFile> files(Snapshot snapshot, Document system) {
        List<UnitFile> files = new ArrayList<>();
        for (Fields file : system.spec().objectList("files")) {
            FileMode mode = file.textOr("mode", "0644").equals("0755") ? FileMode.EXECUTABLE : FileMode.REGULAR;
            files.add(file(snapshot, system, file, file.text("path"), mode));
        }
        PathOverlap.find(files.stream().map(UnitFile::path).toList()).ifPresent(overlap -> {
            throw new Refusal(
                    "duplicate-file", system.path() + " has files that can't stand beside each other: " + overlap);
        });
        return files;
    }

    private static UnitFile file(Snapshot snapshot, Document system, Fields file, String path, FileMode mode) {
        if (file.has("from")) {
            return payload(snapshot, system, file.text("from"), path, mode);
        }
        byte[] bytes = file.has("content")
                ? file.text("content").getBytes(StandardCharsets.UTF_8)
                : Rendering.render(file.text("format"), asMap(system, file.raw("data")));
        return new UnitFile(path, mode, Sha256.of(bytes), new UnitFile.Content.Inline(bytes));
    }

    private static UnitFile payload(Snapshot snapshot, Document system, String from, String path, FileMode mode) {
        String payload = family(system) + "/files/" + from;
        TreeEntry entry = snapshot.find(payload)
                .filter(found -> !found.isFolder())
                .orElseThrow(() -> new Refusal(
                        "missing-payload",
                        system.path() + " takes " + path + " from " + payload + ", which does not exist"));
        return new UnitFile(path, mode, snapshot.blobDigest(entry.id()), new UnitFile.Content.Payload(payload));
    }

    private Map<String, @Nullable Object> plan(Snapshot snapshot, Document system, String targetName) {
        Document target = require(snapshot, system, Kind.TARGET, targetName);
        Map<String, @Nullable Object> plan = new LinkedHashMap<>();
        plan.put("target", Plain.of(target.path(), target.tree().root().get("spec")));
        Fields spec = system.spec();
        for (String part : PLANNED) {
            plan.put(part, Plain.of(system.path(), spec.raw(part)));
        }
        Map<String, @Nullable Object> packages = new LinkedHashMap<>();
        for (String name : spec.textList("packages")) {
            Document found = require(snapshot, system, Kind.UPGRADE_PACKAGE, name);
            packages.put(name, digest(snapshot, found.path()).hex());
        }
        plan.put("packages", packages);
        return plan;
    }

    private Document require(Snapshot snapshot, Document system, Kind kind, String name) {
        return documents
                .find(snapshot, path(kind, name))
                .orElseThrow(() -> new Refusal(
                        "dangling-reference",
                        system.path() + " names the " + kind.label() + " " + name + ", which does not exist"));
    }

    private static String path(Kind kind, String name) {
        return kind.folder() + "/" + name + ".yaml";
    }

    private static Sha256 digest(Snapshot snapshot, String path) {
        return snapshot.blobDigest(snapshot.find(path).orElseThrow().id());
    }

    private static String family(Document system) {
        return system.path().substring(0, system.path().lastIndexOf('/'));
    }

    private static Map<?, ?> asMap(Document system, @Nullable Object data) {
        if (data instanceof Map<?, ?> map) {
            return map;
        }
        throw new Refusal("wrong-type", system.path() + " has data that is not a mapping");
    }
}
