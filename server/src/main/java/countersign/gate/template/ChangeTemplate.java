package countersign.gate.template;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Glob;
import countersign.document.Kind;
import countersign.manifest.ChangeId;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A template of changes, as the protocol reads it.
 *
 * @param name name of its document
 * @param path path of its document
 * @param authority whose delegation stands behind it; null for none
 * @param scope what a change made from it may touch
 * @param parameters names of what its author fills in
 * @param request what the request says already, as plain values
 */
public record ChangeTemplate(
        String name,
        String path,
        @Nullable Authority authority,
        Scope scope,
        List<String> parameters,
        Map<?, ?> request) {
    private static final int MAXIMUM_FILES = 1_000;

    /**
     * A person's word that changes made from the template are approved.
     *
     * @param person name of the person
     * @param change the change in which the person approved the template; null if there was none yet
     * @param notBefore from when it counts
     * @param notAfter until when
     * @param roles roles whose holders may use it; empty for everybody
     * @param maximumFailures so many failed or rolled-back changes end it
     * @param maximumUses so many merged changes end it; null for no limit
     */
    public record Authority(
            String person,
            @Nullable ChangeId change,
            Instant notBefore,
            Instant notAfter,
            Set<String> roles,
            int maximumFailures,
            @Nullable Integer maximumUses) {
        /** Whether it counts at a time. */
        public boolean holdsAt(Instant time) {
            return !time.isBefore(notBefore) && time.isBefore(notAfter);
        }
    }

    /**
     * What a change may touch; an empty list allows everything.
     *
     * @param kinds labels of kinds
     * @param paths patterns
     * @param environments names
     * @param pointers of the values that may differ
     * @param bounds what values may become
     * @param maximumFiles how many paths, the request not counted
     */
    public record Scope(
            Set<String> kinds,
            List<Glob> paths,
            Set<String> environments,
            List<PointerPattern> pointers,
            List<Bound> bounds,
            int maximumFiles) {}

    /** The template of a name in a tree; empty if there is none. */
    public static Optional<ChangeTemplate> find(Snapshot snapshot, DocumentReader documents, String name) {
        return documents
                .find(snapshot, Kind.CHANGE_TEMPLATE.folder() + "/" + name + ".yaml")
                .filter(document -> document.kind() == Kind.CHANGE_TEMPLATE)
                .map(ChangeTemplate::of);
    }

    /** Reads a valid document. */
    public static ChangeTemplate of(Document document) {
        Fields spec = document.spec();
        return new ChangeTemplate(
                document.name(),
                document.path(),
                spec.text("type").equals("standard") ? authority(spec.objectOrNull("authority")) : null,
                scope(spec.object("allows")),
                spec.objectList("parameters").stream()
                        .map(parameter -> parameter.text("name"))
                        .toList(),
                (Map<?, ?>) Optional.ofNullable(spec.raw("request")).orElseThrow());
    }

    private static @Nullable Authority authority(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        String change = fields.textOrNull("change");
        return new Authority(
                fields.text("person"),
                change == null ? null : ChangeId.parse(change),
                fields.instant("notBefore"),
                fields.instant("notAfter"),
                Set.copyOf(fields.textList("roles")),
                fields.integerOr("maximumFailures", 1),
                fields.has("maximumUses") ? Integer.valueOf(fields.smallInteger("maximumUses")) : null);
    }

    private static Scope scope(Fields allows) {
        return new Scope(
                Set.copyOf(allows.textList("kinds")),
                allows.textList("paths").stream().map(Glob::new).toList(),
                Set.copyOf(allows.textList("environments")),
                allows.textList("pointers").stream().map(PointerPattern::new).toList(),
                allows.objectList("bounds").stream().map(Bound::of).toList(),
                allows.integerOr("maximumFiles", MAXIMUM_FILES));
    }
}
