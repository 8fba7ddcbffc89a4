package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.repository.Edit;
import countersign.repository.TreeEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Applies edits to a tree by rewriting only the folders on the way to the edited paths. */
final class TreeEditor {
    private static final int MAX_EDITS = 20_000;
    private static final int MAX_DEPTH = 100;

    private final Trees trees;
    private final ObjectStore objects;

    TreeEditor(Trees trees, ObjectStore objects) {
        this.trees = trees;
        this.objects = objects;
    }

    String edit(@Nullable String treeId, Map<String, Edit> edits) {
        if (edits.size() > MAX_EDITS) {
            throw new Refusal(
                    "too-many-paths", "one edit touches at most " + MAX_EDITS + " paths, this " + edits.size());
        }
        Node root = new Node();
        edits.forEach((path, edit) -> root.add(path, edit));
        String start = treeId == null ? Trees.EMPTY : treeId;
        List<TreeEntry> entries = apply(start, root, "");
        return trees.write(entries, start);
    }

    private List<TreeEntry> apply(String treeId, Node node, String folder) {
        List<TreeEntry> present = trees.read(treeId);
        List<TreeEntry> replaced = new ArrayList<>();
        List<TreeEntry> edited = new ArrayList<>();
        node.children.forEach((name, child) -> {
            String path = folder.isEmpty() ? name : folder + "/" + name;
            TreeEntry now = TreeEntry.find(present, name).orElse(null);
            TreeEntry next = next(path, name, now, child);
            if (now != null) {
                replaced.add(now);
            }
            if (next != null) {
                edited.add(next);
            }
        });
        replaced.sort(TreeEntry.GIT_ORDER);
        edited.sort(TreeEntry.GIT_ORDER);
        return merge(present, replaced, edited);
    }

    /**
     * The present entries without those that are replaced, and what these became; all in Git's order. What lies between two
     * edits is copied as a whole, because a folder may have many entries.
     */
    private static List<TreeEntry> merge(List<TreeEntry> present, List<TreeEntry> replaced, List<TreeEntry> edited) {
        List<TreeEntry> merged = new ArrayList<>(present.size() + edited.size());
        Iterator<TreeEntry> leaving = replaced.iterator();
        int copied = 0;
        int next = 0;
        while (leaving.hasNext()) {
            TreeEntry left = leaving.next();
            while (next < edited.size() && TreeEntry.GIT_ORDER.compare(edited.get(next), left) <= 0) {
                copied = copyUntil(edited.get(next), present, copied, merged);
                merged.add(edited.get(next++));
            }
            copied = copyUntil(left, present, copied, merged) + 1;
        }
        for (TreeEntry entry : edited.subList(next, edited.size())) {
            copied = copyUntil(entry, present, copied, merged);
            merged.add(entry);
        }
        merged.addAll(present.subList(copied, present.size()));
        return List.copyOf(merged);
    }

    /** Copies what stands before an entry or its place; gives the index of that. */
    private static int copyUntil(TreeEntry entry, List<TreeEntry> present, int from, List<TreeEntry> merged) {
        int found = Collections.binarySearch(present, entry, TreeEntry.GIT_ORDER);
        int place = found < 0 ? -found - 1 : found;
        merged.addAll(present.subList(from, place));
        return place;
    }

    private @Nullable TreeEntry next(String path, String name, @Nullable TreeEntry now, Node node) {
        if (!node.children.isEmpty() && now != null && !now.isFolder() && !(node.edit instanceof Edit.Delete)) {
            return belowFile(path, name, now, node);
        }
        boolean folder = now != null && now.isFolder();
        TreeEntry below = folder || !node.children.isEmpty()
                ? folder(name, folder && now != null ? now.id() : Trees.EMPTY, node, path)
                : null;
        if (node.edit == null) {
            return below;
        }
        if (below != null && (folder || !(node.edit instanceof Edit.Delete))) {
            throw isFolder(path, "there is a folder where a file is to stand or to be deleted");
        }
        return below != null ? below : file(path, name, node.edit);
    }

    private @Nullable TreeEntry belowFile(String path, String name, TreeEntry now, Node node) {
        if (!node.onlyDeletes()) {
            throw isFolder(path, "there is a file where a folder is to stand");
        }
        return node.edit == null ? now : file(path, name, node.edit);
    }

    private @Nullable TreeEntry folder(String name, String treeId, Node node, String path) {
        if (node.children.isEmpty()) {
            return new TreeEntry(name, TreeEntry.FOLDER, treeId);
        }
        List<TreeEntry> entries = apply(treeId, node, path);
        return entries.isEmpty() ? null : new TreeEntry(name, TreeEntry.FOLDER, trees.write(entries, treeId));
    }

    private @Nullable TreeEntry file(String path, String name, Edit edit) {
        if (edit instanceof Edit.Write write) {
            return new TreeEntry(name, write.mode().octal(), objects.put(ObjectStore.Type.BLOB, write.bytes()));
        }
        if (edit instanceof Edit.Link link) {
            if (!objects.holds(ObjectStore.Type.BLOB, link.blobId())) {
                throw new Refusal("no-such-file", "the repository holds no blob " + link.blobId() + " for " + path);
            }
            return new TreeEntry(name, link.mode().octal(), link.blobId());
        }
        return null;
    }

    private static Refusal isFolder(String path, String why) {
        return new Refusal("path-is-folder", path + ": " + why);
    }

    /** The edits below one folder. */
    private static final class Node {
        private final Map<String, Node> children = new TreeMap<>();
        private @Nullable Edit edit;

        void add(String path, Edit toApply) {
            String[] names = path.split("/", -1);
            if (names.length > MAX_DEPTH) {
                throw new Refusal("malformed-path", "more than " + MAX_DEPTH + " folders deep: " + path);
            }
            Node node = this;
            for (String name : names) {
                requireName(name, path);
                node = node.children.computeIfAbsent(name, ignored -> new Node());
            }
            node.edit = toApply;
        }

        boolean onlyDeletes() {
            return children.values().stream()
                    .allMatch(
                            child -> (child.edit == null || child.edit instanceof Edit.Delete) && child.onlyDeletes());
        }

        private static void requireName(String name, String path) {
            boolean reserved = name.equals(".")
                    || name.equals("..")
                    || name.toLowerCase(Locale.ROOT).equals(".git");
            if (name.isEmpty() || reserved || name.indexOf('\0') >= 0) {
                throw new Refusal("malformed-path", "Git cannot hold the path \"" + path.replace("\0", "\\0") + "\"");
            }
        }
    }
}
