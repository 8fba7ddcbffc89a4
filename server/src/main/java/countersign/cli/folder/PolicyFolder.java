package countersign.cli.folder;

import countersign.codec.Refusal;
import countersign.document.ContentRules;
import countersign.policy.testing.PolicyFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Where policies lie on disk: in a repository, in a folder, or in a single file. */
final class PolicyFolder {
    private static final String FOLDER = "policies";

    private PolicyFolder() {}

    /** Reads them; paths begin with {@code policies/}. Refuses {@code no-policies}. */
    static PolicyFiles read(Path at) {
        PolicyFiles read = PolicyFiles.read(Files.isRegularFile(at) ? file(at) : folder(at));
        if (read.policies().isEmpty()) {
            throw new Refusal("no-policies", at + " holds no documents of kind Policy");
        }
        return read;
    }

    private static Map<String, byte[]> file(Path file) {
        String path = FOLDER + "/" + file.getFileName();
        try (InputStream in = Files.newInputStream(file)) {
            return Map.of(path, in.readNBytes(ContentRules.maxBytes(path) + 1));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
    }

    private static Map<String, byte[]> folder(Path folder) {
        Path inside = folder.resolve(FOLDER);
        FolderFiles files = FolderFiles.of(Files.isDirectory(inside) ? inside : folder);
        Map<String, byte[]> contents = new TreeMap<>();
        for (String path : files.paths()) {
            if (path.endsWith(".yaml") && files.isPlain(path)) {
                contents.put(FOLDER + "/" + path, files.read(path));
            }
        }
        return contents;
    }
}
