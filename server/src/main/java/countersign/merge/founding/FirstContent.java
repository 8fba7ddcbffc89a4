package countersign.merge.founding;

import countersign.codec.Refusal;
import countersign.document.PathRules;
import countersign.repository.Edit;
import countersign.repository.EnteredFolders;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a genesis, gathered from folders and from trees; what comes later stands over what came before. */
public final class FirstContent {
    private static final int MAX_FILES = 20_000;
    private static final int MAX_BYTES = 16 << 20;

    private final Map<String, Edit.Write> files = new TreeMap<>();
    private final EnteredFolders folders = new EnteredFolders();

    public Map<String, Edit.Write> files() {
        return files;
    }

    /** All files below a folder; a Refusal {@code content-not-usable} for anything but plain files. */
    public void addFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new Refusal("no-such-folder", folder + " is not a folder");
        }
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(path -> !Files.isDirectory(path)).toList()) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
                    throw notUsable(file.toString());
                }
                String path = folder.relativize(file).toString();
                FileMode mode =
                        PathRules.isPayload(path) && Files.isExecutable(file) ? FileMode.EXECUTABLE : FileMode.REGULAR;
                add(path, new Edit.Write(mode, Files.readAllBytes(file)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All files of a tree; a Refusal {@code content-not-usable} for links and submodules. */
    public void addTree(Snapshot tree) {
        tree.list("").forEach(entry -> add(tree, entry, entry.name()));
    }

    /** All files of a tree but those below one folder at its root. */
    public void addTreeWithout(Snapshot tree, String folder) {
        tree.list("").stream()
                .filter(entry -> !entry.name().equals(folder))
                .forEach(entry -> add(tree, entry, entry.name()));
    }

    private void add(Snapshot tree, TreeEntry entry, String path) {
        if (entry.isFolder()) {
            folders.enter(path);
            tree.list(path).forEach(child -> add(tree, child, path + "/" + child.name()));
            return;
        }
        FileMode mode = entry.fileMode();
        if (mode == null) {
            throw notUsable(path);
        }
        add(path, new Edit.Write(mode, tree.read(path, MAX_BYTES)));
    }

    private void add(String path, Edit.Write file) {
        files.put(path, file);
        folders.found();
        if (files.size() > MAX_FILES) {
            throw new Refusal("too-many-paths", "a genesis holds at most " + MAX_FILES + " files, there are more");
        }
    }

    private static Refusal notUsable(String path) {
        return new Refusal("content-not-usable", path + " is no plain file of at most " + MAX_BYTES + " bytes");
    }
}
