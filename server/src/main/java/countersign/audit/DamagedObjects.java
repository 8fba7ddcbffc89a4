package countersign.audit;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.repository.EnteredFolders;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says at which paths the objects stand that a refusal names by their ids only. */
final class DamagedObjects {
    private static final Set<String> RULES = Set.of("corrupt-object", "malformed-tree", "no-such-file", "no-such-tree");
    private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{40}\\b");
    private static final int MAX_FINDINGS = 20;

    private final Repository clone;

    DamagedObjects(Repository clone) {
        this.clone = clone;
    }

    /** The refusal's findings, and a finding for each path of the commit at which an object is damaged. */
    List<Finding> explain(Refusal refusal, String commit) {
        List<Finding> findings = new ArrayList<>(refusal.findings());
        if (RULES.contains(refusal.rule())) {
            try {
                findings.addAll(paths(clone.snapshot(commit), ids(refusal)));
            } catch (Refusal unreadable) {
                findings.addAll(unreadable.findings());
            }
        }
        return findings.stream().distinct().limit(MAX_FINDINGS).toList();
    }

    private static Set<String> ids(Refusal refusal) {
        Set<String> ids = new HashSet<>();
        Matcher matcher = ID.matcher(refusal.getMessage());
        while (matcher.find()) {
            ids.add(matcher.group());
        }
        return ids;
    }

    private static List<Finding> paths(Snapshot snapshot, Set<String> ids) {
        List<Finding> findings = new ArrayList<>();
        Deque<String> folders = new ArrayDeque<>(List.of(""));
        EnteredFolders entered = new EnteredFolders();
        while (!folders.isEmpty()) {
            String folder = folders.pop();
            entered.enter(folder);
            for (TreeEntry entry : snapshot.list(folder)) {
                String path = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
                if (ids.contains(entry.id())) {
                    findings.add(Finding.error(
                            "damaged-path", "its object " + entry.id() + " is not what it was", Place.file(path)));
                } else if (entry.isFolder()) {
                    folders.push(path);
                } else {
                    entered.found();
                }
            }
        }
        return findings;
    }
}
