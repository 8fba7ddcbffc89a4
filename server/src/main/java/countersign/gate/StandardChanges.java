package countersign.gate;

import countersign.access.PathFacets;
import countersign.access.RoleGrant;
import countersign.access.Trust;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.gate.circumstance.FailedReceipt;
import countersign.gate.template.ChangeTemplate;
import countersign.gate.template.TemplateScope;
import countersign.gate.template.TemplateText;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.repository.DocumentReader;
import countersign.repository.Remembered;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether a change that calls itself standard is one (PROTOCOL §6): made from a template that a named person approved, and
 * inside of it. That person's approval of the template then stands for an approval of the change. Everything is read from
 * the tree before and from receipts of the log. Thread-safe.
 */
final class StandardChanges {
    static final String RULE = "standard-change/";
    private static final int SHOWN = 10;
    private static final int DAYS = 4_000;
    private static final int CHANGES = 10_000;

    private final DocumentReader documents;
    private final TemplateScope scope;

    /** The changes that the rollbacks in the folder of a day took back, by the id of the folder's tree. */
    private final Remembered<List<ChangeId>> takenBack = new Remembered<>(DAYS);

    /** The uses of templates by the changes of a day, and by one change, by the ids of their folders' trees. */
    private final Remembered<List<Use>> usesOfDay = new Remembered<>(DAYS);

    private final Remembered<List<Use>> usesOfChange = new Remembered<>(CHANGES);

    StandardChanges(DocumentReader documents) {
        this.documents = documents;
        this.scope = new TemplateScope(documents);
    }

    /**
     * An approval that was given in advance.
     *
     * @param person who gave it
     * @param role in which role
     * @param key fingerprint of the key that signed it
     * @param vote index of the approval of the template
     */
    record Delegation(String person, String role, String key, long vote) {
        /** What it is evidence of over paths; empty if no grant of the person covers all of them at T. */
        Optional<Requirement.Evidence> evidence(Trust trust, List<PathFacets> paths, Scene scene) {
            RoleGrant last = null;
            for (PathFacets path : paths) {
                Optional<RoleGrant> grant = trust.findGrant(person, role, path, scene.time());
                if (grant.isEmpty()) {
                    return Optional.empty();
                }
                last = grant.get();
            }
            return Optional.ofNullable(last)
                    .map(grant -> new Requirement.Evidence(person, role, key, grant.path(), vote));
        }
    }

    /** That a merged change was let pass by a template, as the change whose manifest is the document approved it. */
    private record Use(String rule, String document) {}

    /**
     * How a change that calls itself standard stands.
     *
     * @param requirement that it is one
     * @param delegation the approval that stands for it; empty if it is none
     */
    record Ruling(Requirement requirement, Optional<Delegation> delegation) {}

    /** Whether the scene's change calls itself standard. */
    static boolean claimed(Scene scene) {
        return scene.request().type().equals("standard") && scene.manifest().operation() == Operation.APPLY;
    }

    /**
     * Judges a change that calls itself standard.
     *
     * @param excluded people whose word does not count: contributors, and whoever rejects the change
     */
    Ruling judge(Scene scene, Trust trust, List<PathFacets> paths, Set<String> excluded) {
        String name = scene.request().template();
        Optional<ChangeTemplate> template =
                name == null ? Optional.empty() : ChangeTemplate.find(scene.before(), documents, name);
        if (template.isEmpty()) {
            return refused(
                    scene, name == null ? "names no template" : "names the template " + name + ", which main lacks");
        }
        List<PathFacets> touched = paths.stream()
                .filter(path -> !path.path().equals(scene.request().id().document()))
                .toList();
        List<String> problems = new ArrayList<>();
        Optional<Delegation> delegation = delegation(scene, template.get(), problems);
        Optional<Requirement.Evidence> evidence = delegation.flatMap(found -> found.evidence(trust, touched, scene));
        delegation.ifPresent(found -> checkPerson(found, evidence.isPresent(), excluded, problems));
        checkUser(scene, trust, template.get(), touched, problems);
        problems.addAll(scope.problems(template.get().scope(), touched, scene.before(), scene.after()));
        documents
                .find(scene.after(), scene.request().id().document())
                .map(Document::spec)
                .ifPresent(spec -> problems.addAll(TemplateText.problems(template.get(), spec)));
        return problems.isEmpty() && delegation.isPresent() && evidence.isPresent()
                ? allowed(template.get(), delegation.get(), evidence.get())
                : refused(scene, String.join("; ", problems.subList(0, Math.min(SHOWN, problems.size()))));
    }

    private static Ruling allowed(ChangeTemplate template, Delegation delegation, Requirement.Evidence evidence) {
        ChangeId approved = approvedIn(template).orElseThrow();
        return new Ruling(
                new Requirement(
                        RULE + template.name(),
                        approved.folder() + "/manifest.json",
                        delegation.role(),
                        1,
                        Requirement.State.SATISFIED,
                        "",
                        List.of(evidence)),
                Optional.of(delegation));
    }

    private static Ruling refused(Scene scene, String problems) {
        String template = scene.request().template();
        return new Ruling(
                new Requirement(
                        RULE + (template == null ? "none" : template),
                        null,
                        null,
                        1,
                        Requirement.State.UNSATISFIED,
                        "is no standard change: it " + problems + "; make it a normal one",
                        List.of()),
                Optional.empty());
    }

    private static Optional<ChangeId> approvedIn(ChangeTemplate template) {
        ChangeTemplate.Authority authority = template.authority();
        return authority == null ? Optional.empty() : Optional.ofNullable(authority.change());
    }

    /** The approval of the template as it stands, unless it is over, or too much of what it allowed went wrong. */
    private Optional<Delegation> delegation(Scene scene, ChangeTemplate template, List<String> problems) {
        ChangeTemplate.Authority authority = template.authority();
        if (authority == null) {
            problems.add("is made from " + template.path() + ", behind which nobody's authority stands");
            return Optional.empty();
        }
        if (!authority.holdsAt(scene.time())) {
            problems.add("comes at " + scene.time() + ", the authority of " + authority.person() + " counts from "
                    + authority.notBefore() + " until " + authority.notAfter());
        }
        Optional<Sha256> approved = approvedBytes(scene.before(), template);
        Optional<Delegation> delegation = approved.flatMap(bytes -> approval(scene.before(), template));
        if (delegation.isEmpty()) {
            problems.add("is made from " + template.path() + ", which " + authority.person()
                    + " did not approve as it stands, in a role that a rule asked for, in a merged change that"
                    + " authority/change names");
        } else if (scene.revokedKeys().contains(delegation.get().key())) {
            problems.add("is made from " + template.path() + ", approved with the key "
                    + delegation.get().key() + ", which was revoked");
        }
        approved.ifPresent(bytes -> checkFailures(scene, template, authority, bytes, problems));
        checkUses(scene.before(), template, authority, problems);
        return delegation;
    }

    /** The digest of a template, if the change that it names made it what it is. */
    private static Optional<Sha256> approvedBytes(Snapshot tree, ChangeTemplate template) {
        Optional<Sha256> present = tree.find(template.path()).map(entry -> tree.blobDigest(entry.id()));
        return approvedIn(template)
                .flatMap(change -> RollbackRules.merged(tree, change))
                .flatMap(manifest -> after(manifest, template.path()))
                .filter(digest -> present.equals(Optional.of(digest)));
    }

    private static Optional<Sha256> after(Manifest manifest, String path) {
        return manifest.files().stream()
                .filter(file -> file.path().equals(path) && file.after() != null)
                .map(file -> file.after().sha256())
                .findFirst();
    }

    /** The first approval by the template's authority that the gate of that change counted. */
    private static Optional<Delegation> approval(Snapshot tree, ChangeTemplate template) {
        ChangeTemplate.Authority authority = template.authority();
        return approvedIn(template)
                .flatMap(change -> gate(tree, change))
                .flatMap(gate -> gate.requirements().stream()
                        .filter(requirement -> requirement.state() == Requirement.State.SATISFIED
                                && requirement.role() != null
                                && !requirement.rule().startsWith(RULE))
                        .flatMap(requirement -> requirement.evidence().stream()
                                .filter(evidence -> evidence.role().equals(requirement.role())))
                        .filter(evidence ->
                                authority != null && evidence.person().equals(authority.person()))
                        .findFirst()
                        .map(evidence ->
                                new Delegation(evidence.person(), evidence.role(), evidence.key(), evidence.vote())));
    }

    private static Optional<GateRecord> gate(Snapshot tree, ChangeId change) {
        String path = change.folder() + "/gate.json";
        return tree.find(path).map(found -> GateRecord.parse(tree.read(path, GateRecord.MAX_BYTES)));
    }

    private void checkFailures(
            Scene scene,
            ChangeTemplate template,
            ChangeTemplate.Authority authority,
            Sha256 bytes,
            List<String> problems) {
        TreeSet<String> failed = new TreeSet<>();
        Stream.concat(
                        scene.circumstances().known().stream().map(FailedReceipt::change),
                        takenBack(scene.before(), approvedIn(template).orElseThrow()))
                .distinct()
                .filter(change -> usedBytes(scene.before(), change, template).equals(Optional.of(bytes)))
                .forEach(change -> failed.add(change.toString()));
        if (failed.size() >= authority.maximumFailures()) {
            problems.add("is made from " + template.path() + ", which is suspended since " + String.join(", ", failed)
                    + " failed or was rolled back, until a merge approves another text of it");
        }
    }

    /** Every text of a template names the change that approved it, so another text begins anew. */
    private void checkUses(
            Snapshot tree, ChangeTemplate template, ChangeTemplate.Authority authority, List<String> problems) {
        Integer maximum = authority.maximumUses();
        ChangeId approved = authority.change();
        if (maximum == null || approved == null) {
            return;
        }
        Use wanted = new Use(RULE + template.name(), approved.folder() + "/manifest.json");
        long uses = tree.list("changes").stream()
                .filter(day -> day.isFolder() && day.name().compareTo(approved.day()) >= 0)
                .flatMap(day -> usesOfDay.get(day.id(), () -> uses(tree, day)).stream())
                .filter(wanted::equals)
                .count();
        if (uses >= maximum) {
            problems.add("is made from " + template.path() + ", which was used " + uses + " times and allows " + maximum
                    + ", until a merge approves another text of it");
        }
    }

    private List<Use> uses(Snapshot tree, TreeEntry day) {
        return tree.list("changes/" + day.name()).stream()
                .filter(TreeEntry::isFolder)
                .flatMap(change ->
                        usesOfChange
                                .get(change.id(), () -> uses(tree, new ChangeId(day.name(), change.name())))
                                .stream())
                .toList();
    }

    private static List<Use> uses(Snapshot tree, ChangeId change) {
        return gate(tree, change).stream()
                .flatMap(gate -> gate.requirements().stream())
                .filter(requirement -> requirement.rule().startsWith(RULE))
                .flatMap(requirement -> Stream.ofNullable(requirement.document())
                        .map(document -> new Use(requirement.rule(), document)))
                .toList();
    }

    /** The text of a template that a merged change was allowed by. */
    private static Optional<Sha256> usedBytes(Snapshot tree, ChangeId change, ChangeTemplate template) {
        return gate(tree, change)
                .flatMap(gate -> gate.requirements().stream()
                        .filter(requirement -> requirement.rule().equals(RULE + template.name()))
                        .flatMap(requirement -> Stream.ofNullable(requirement.document()))
                        .findFirst()
                        .map(path -> Manifest.parse(tree.read(path, Manifest.MAX_BYTES)))
                        .flatMap(manifest -> after(manifest, template.path())));
    }

    /** Changes that were taken back since a change was opened. */
    private Stream<ChangeId> takenBack(Snapshot tree, ChangeId since) {
        return tree.list("changes").stream()
                .filter(day -> day.isFolder() && day.name().compareTo(since.day()) >= 0)
                .flatMap(day -> takenBack.get(day.id(), () -> takenBack(tree, day)).stream());
    }

    private static List<ChangeId> takenBack(Snapshot tree, TreeEntry day) {
        return tree.list("changes/" + day.name()).stream()
                .filter(entry -> entry.isFolder() && entry.name().startsWith("rollback-"))
                .flatMap(entry -> RollbackRules.merged(tree, new ChangeId(day.name(), entry.name())).stream())
                .filter(manifest -> manifest.operation() == Operation.ROLLBACK)
                .flatMap(manifest -> Stream.ofNullable(manifest.of()))
                .toList();
    }

    private static void checkPerson(
            Delegation delegation, boolean granted, Set<String> excluded, List<String> problems) {
        if (!granted) {
            problems.add("needs the approval of " + delegation.person() + ", whom no grant of the role "
                    + delegation.role() + " entitles for all that it touches");
        }
        if (excluded.contains(delegation.person())) {
            problems.add("has " + delegation.person() + " among those who made or reject it");
        }
    }

    private static void checkUser(
            Scene scene, Trust trust, ChangeTemplate template, List<PathFacets> touched, List<String> problems) {
        Set<String> roles =
                template.authority() == null ? Set.of() : template.authority().roles();
        String requester = scene.request().requester();
        boolean entitled = roles.isEmpty()
                || roles.stream()
                        .anyMatch(role -> touched.stream()
                                .allMatch(path -> trust.findGrant(requester, role, path, scene.time())
                                        .isPresent()));
        if (!entitled) {
            problems.add("is asked for by " + requester + ", who is no " + String.join(" or ", new TreeSet<>(roles))
                    + " for all that it touches");
        }
    }
}
