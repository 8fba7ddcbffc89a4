package countersign.git;

import countersign.repository.ObjectStore;
import countersign.repository.Repository.RefMove;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.jspecify.annotations.Nullable;

/**
 * Repairs from the journal what a power cut has damaged: loose objects that are missing or cut short, and refs that fell
 * back to a value from before or have none. A ref that somebody has moved to a value the journal does not know stays.
 */
final class Recovery {
    private final FileRepository repository;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    Recovery(FileRepository repository) {
        this.repository = repository;
    }

    /**
     * Replays the files that were begun before the machine's present start; what this start has written is whole.
     *
     * @param boot names the present start; {@code unknown} if the machine does not tell
     */
    void run(List<Path> journal, String boot) throws IOException {
        List<Path> suspect = new ArrayList<>();
        for (Path file : journal) {
            if (boot.equals("unknown") || !Journal.isOfBoot(file, boot)) {
                suspect.add(file);
            }
        }
        if (suspect.isEmpty()) {
            return;
        }
        try (FileRepository checked = new FileRepository(repository.getDirectory());
                ObjectReader reader = checked.newObjectReader()) {
            for (Path file : suspect) {
                Journal.replay(file, new Replay(reader));
            }
        }
        for (Map.Entry<String, List<String>> ref : values.entrySet()) {
            repair(ref.getKey(), ref.getValue());
        }
    }

    private void repair(String ref, List<String> known) throws IOException {
        String last = known.get(known.size() - 1);
        String now = value(ref);
        if (now.equals(last) || (!now.equals("-") && !known.contains(now))) {
            return;
        }
        new GitRefs(repository).set(ref, last.equals("-") ? null : last);
    }

    /** The ref's commit, {@code -} if it has none; a file that holds no ref is deleted. */
    private String value(String ref) throws IOException {
        try {
            Ref found = repository.exactRef(ref);
            @Nullable ObjectId id = found == null ? null : found.getObjectId();
            if (id != null) {
                return id.name();
            }
        } catch (IOException damaged) {
            // a name without a ref in its file counts as none
        }
        Files.deleteIfExists(repository.getDirectory().toPath().resolve(ref));
        return "-";
    }

    /** Writes again each object that does not read back as itself. */
    private final class Replay implements Journal.Visitor {
        private final ObjectReader reader;

        Replay(ObjectReader reader) {
            this.reader = reader;
        }

        @Override
        public void object(ObjectStore.Type type, byte[] bytes) throws IOException {
            ObjectId id = GitObjects.idOf(type, bytes);
            if (isWhole(type, id)) {
                return;
            }
            Files.deleteIfExists(repository.getObjectDatabase().fileFor(id).toPath());
            try (ObjectInserter inserter = repository.newObjectInserter()) {
                inserter.insert(GitObjects.code(type), bytes);
                inserter.flush();
            }
        }

        @Override
        public void refs(List<RefMove> moves) {
            for (RefMove move : moves) {
                List<String> known = values.computeIfAbsent(move.ref(), ref -> new ArrayList<>());
                known.add(move.expected() == null ? "-" : move.expected());
                known.add(move.next() == null ? "-" : move.next());
            }
        }

        private boolean isWhole(ObjectStore.Type type, ObjectId id) {
            try {
                byte[] stored = reader.open(id, GitObjects.code(type)).getBytes();
                return GitObjects.idOf(type, stored).equals(id);
            } catch (IOException damaged) {
                return false;
            }
        }
    }
}
