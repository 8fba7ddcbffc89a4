package countersign.merge.integrity;

import countersign.access.PathFacets;
import countersign.access.Person;
import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.document.overlay.Overlays;
import countersign.document.reference.DocumentName;
import countersign.document.reference.NamedDocuments;
import countersign.document.reference.PackageFit;
import countersign.document.reference.References;
import countersign.gate.ApprovalRule;
import countersign.manifest.ChangeId;
import countersign.manifest.Effect;
import countersign.manifest.SystemUnits;
import countersign.policy.PolicyEngine;
import countersign.repository.Difference;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What must hold in the tree that main would have: references, unique names, trust that does not contradict itself
 * (PROTOCOL §5). Looks at what differs, and at what names a document that is removed. Thread-safe.
 */
public final class TreeIntegrity {
    private static final PathFacets PEOPLE =
            new PathFacets("access/people/anybody.yaml", Set.of("Person"), Set.of(), Set.of());

    /** The verifier's own floor for trust folders (PROTOCOL §6). */
    private static final int FLOOR = 2;

    private static final List<String> REFERRING =
            List.of("access/grants", "targets", "keys", "packages", "policies", "calendar", "services", "templates");

    private final DocumentReader documents;
    private final TrustReader trusts;
    private final PolicyChecks policies;
    private final SystemUnits systems;

    public TreeIntegrity(DocumentReader documents, TrustReader trusts, PolicyEngine policies) {
        this.documents = documents;
        this.trusts = trusts;
        this.policies = new PolicyChecks(documents, policies);
        this.systems = new SystemUnits(documents);
    }

    /** Everything that is wrong. */
    public List<Finding> check(Effect.Proposal proposal, List<Difference> differences) {
        List<Finding> findings = new ArrayList<>();
        Snapshot after = proposal.after();
        NamedDocuments names = documents.references().named(after);
        for (Document document : touched(after, differences)) {
            findings.addAll(References.check(document, name -> exists(proposal, document, name)));
            findings.addAll(References.cycles(document, names));
            findings.addAll(PackageFit.check(document, names));
            findings.addAll(RolloutCheck.check(document));
            checkUnique(after, document, findings);
        }
        differences.stream()
                .filter(TreeIntegrity::removesDocument)
                .forEach(difference -> checkRemoved(proposal, difference.path(), findings));
        findings.addAll(policies.check(after, differences));
        checkUnusedName(proposal, findings);
        checkTrust(after, differences, findings);
        return findings.stream().distinct().toList();
    }

    /** The documents that a change leaves at the paths that it touches, and those that are put over one of them. */
    private List<Document> touched(Snapshot after, List<Difference> differences) {
        Map<String, Document> touched = new LinkedHashMap<>();
        for (Difference difference : differences) {
            String path = difference.path();
            if (difference.after() != null) {
                documents.find(after, path).ifPresent(document -> {
                    touched.put(path, document);
                    if (Overlays.isAbstract(document)) {
                        documents.list(after, path.substring(0, path.lastIndexOf('/'))).stream()
                                .filter(other -> Overlays.isOver(other, path))
                                .forEach(other -> touched.put(other.path(), other));
                    }
                });
            }
        }
        return List.copyOf(touched.values());
    }

    /** References of every document of a tree without history. */
    public List<Finding> checkReferences(Snapshot snapshot) {
        NamedDocuments names = documents.references().named(snapshot);
        List<Finding> findings = new ArrayList<>();
        for (Document document : everything(snapshot)) {
            findings.addAll(References.check(document, names::exists));
            findings.addAll(References.cycles(document, names));
            findings.addAll(PackageFit.check(document, names));
        }
        return findings.stream().distinct().toList();
    }

    private static boolean removesDocument(Difference difference) {
        return difference.after() == null && difference.path().endsWith(".yaml");
    }

    /** A request may name what it removes. */
    private boolean exists(Effect.Proposal proposal, Document document, DocumentName name) {
        return documents.references().named(proposal.after()).exists(name)
                || (document.kind() == Kind.CHANGE_REQUEST
                        && documents.references().named(proposal.before()).exists(name));
    }

    /** Nothing that is left may name what is gone. */
    private void checkRemoved(Effect.Proposal proposal, String path, List<Finding> findings) {
        documents.find(proposal.before(), path).map(DocumentName::of).ifPresent(name -> {
            if (!documents.references().named(proposal.after()).exists(name)) {
                documents
                        .references()
                        .to(proposal.after(), name)
                        .forEach(reference -> findings.add(References.removed(reference, path)));
            }
        });
    }

    /** The families that hold a SystemConfig of this name: the family is the name or a dash-separated start of it. */
    private static List<String> families(Snapshot snapshot, String name) {
        List<String> families = new ArrayList<>();
        for (int end = name.indexOf('-'); end > 0; end = name.indexOf('-', end + 1)) {
            addIfPresent(snapshot, name.substring(0, end), name, families);
        }
        addIfPresent(snapshot, name, name, families);
        return families;
    }

    private static void addIfPresent(Snapshot snapshot, String family, String name, List<String> families) {
        if (snapshot.find("systems/" + family + "/" + name + ".yaml").isPresent()) {
            families.add(family);
        }
    }

    private static void checkUnique(Snapshot after, Document document, List<Finding> findings) {
        if (document.kind() != Kind.SYSTEM_CONFIG) {
            return;
        }
        String family = document.path().split("/", -1)[1];
        if (!document.name().equals(family) && !document.name().startsWith(family + "-")) {
            findings.add(Finding.error(
                    "system-name",
                    "a SystemConfig of the family " + family + " is called " + family + " or " + family
                            + "-…, this one " + document.name(),
                    placeOfName(document)));
        }
        List<String> families = families(after, document.name());
        if (families.size() > 1) {
            findings.add(Finding.error(
                    "duplicate-name",
                    "the name " + document.name() + " is used in the families " + families,
                    placeOfName(document)));
        }
    }

    /** Dear, because the text is read again for it. */
    private static Place placeOfName(Document document) {
        return document.tree().placeOf("/metadata/name");
    }

    private List<Document> everything(Snapshot snapshot) {
        List<Document> all = new ArrayList<>(systems.all(snapshot));
        REFERRING.forEach(folder -> all.addAll(documents.list(snapshot, folder)));
        return all;
    }

    /** A name is used by one change, for ever: whoever reads it knows which. */
    private static void checkUnusedName(Effect.Proposal proposal, List<Finding> findings) {
        ChangeId change = proposal.change();
        for (TreeEntry day : proposal.before().list("changes")) {
            String path = "changes/" + day.name() + "/" + change.name() + ".yaml";
            if (proposal.before().find(path).isPresent()) {
                findings.add(Finding.error(
                        "duplicate-name",
                        "the name " + change.name() + " is taken by " + path,
                        Place.file(change.document())));
            }
        }
    }

    private void checkTrust(Snapshot after, List<Difference> differences, List<Finding> findings) {
        if (differences.stream().noneMatch(difference -> PathRules.isTrustPath(difference.path()))) {
            return;
        }
        try {
            trusts.read(after);
        } catch (Refusal refusal) {
            findings.addAll(refusal.findings());
        }
    }

    /**
     * Whether enough people can still change who may do what, at each of the moments: for every ApprovalRule about
     * people, as many with a key and the role as it needs, and two in all.
     *
     * @param revokedKeys fingerprints of keys that are none any more
     */
    public List<Finding> checkQuorum(Snapshot after, Set<String> revokedKeys, Set<Instant> moments) {
        List<ApprovalRule.Need> needs = ApprovalRule.of(after, documents).stream()
                .filter(rule -> rule.match().matchesPath(PEOPLE))
                .flatMap(rule -> rule.needs().stream())
                .distinct()
                .toList();
        List<Finding> findings = new ArrayList<>();
        for (Instant moment : moments) {
            Set<String> able = new TreeSet<>();
            for (ApprovalRule.Need need : needs) {
                Set<String> holders = holders(trusts.read(after), revokedKeys, need.role(), moment);
                able.addAll(holders);
                if (holders.size() < need.count()) {
                    findings.add(quorum(moment, need.count() + " with the role " + need.role(), holders));
                }
            }
            if (able.size() < FLOOR) {
                findings.add(quorum(moment, FLOOR + " with any role that an ApprovalRule about people names", able));
            }
        }
        return findings;
    }

    private static Set<String> holders(Trust trust, Set<String> revokedKeys, String role, Instant moment) {
        return trust.people().stream()
                .filter(person -> person.keys().stream()
                        .anyMatch(key -> !revokedKeys.contains(key.publicKey().fingerprint())))
                .map(Person::name)
                .filter(name -> trust.findGrant(name, role, PEOPLE, moment).isPresent())
                .collect(Collectors.toSet());
    }

    private static Finding quorum(Instant moment, String needed, Set<String> able) {
        return Finding.error(
                        "trust-quorum",
                        "at " + moment + " a change of access/people would need " + needed + ", able are " + able,
                        Place.file("access/grants"))
                .withWayOut("grant such roles for access/** to more people with keys, or for longer");
    }
}
