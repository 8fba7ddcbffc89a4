package countersign.git.object;

import countersign.repository.Repository.RefMove;
import countersign.repository.object.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.jspecify.annotations.Nullable;

/**
 * Brings to files what only the journal has, and what a power cut has damaged: objects that are missing or cut short, and
 * refs that have none of their newer values. A ref that somebody has moved by other means stays where it is: its value
 * is unknown to the journal or, if the machine was not restarted, older than the last one that had been written.
 */
public final class Recovery {
    private static final String NONE = "-";

    private final FileRepository repository;
    private final LooseObjects loose;
    private final Map<String, Line> lines = new LinkedHashMap<>();

    public Recovery(FileRepository repository) {
        this.repository = repository;
        this.loose = new LooseObjects(repository.getObjectsDirectory().toPath());
    }

    /**
     * Replays the files.
     *
     * @param boot names the machine's present start; {@code unknown} if the machine does not tell
     */
    public void run(List<Path> journal, String boot) throws IOException {
        boolean restarted = false;
        try (FileRepository present = new FileRepository(repository.getDirectory());
                ObjectReader reader = present.newObjectReader()) {
            for (Path file : journal) {
                boolean suspect = boot.equals("unknown") || !Journal.isOfBoot(file, boot);
                restarted = restarted || suspect;
                Journal.replay(file, new Replay(reader, suspect));
            }
        }
        for (Map.Entry<String, Line> ref : lines.entrySet()) {
            repair(ref.getKey(), ref.getValue(), restarted);
        }
    }

    private void repair(String ref, Line line, boolean restarted) throws IOException {
        String now = value(ref);
        List<String> stale = restarted ? line.values : line.values.subList(line.published, line.values.size());
        boolean lost = restarted && now.equals(NONE);
        if (now.equals(line.last()) || !(lost || stale.contains(now))) {
            return;
        }
        RefUpdate update = repository.updateRef(ref, true);
        update.setForceUpdate(true);
        update.disableRefLog();
        if (line.last().equals(NONE)) {
            update.delete();
        } else {
            update.setNewObjectId(ObjectId.fromString(line.last()));
            update.forceUpdate();
        }
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
        return NONE;
    }

    /** The values of one ref in the order it had them, and which of them its file had last for certain. */
    private static final class Line {
        private final List<String> values = new ArrayList<>();
        private int published;

        String last() {
            return values.get(values.size() - 1);
        }

        void moved(RefMove move) {
            if (values.isEmpty() || !last().equals(orNone(move.expected()))) {
                values.add(orNone(move.expected()));
            }
            values.add(orNone(move.next()));
        }

        void published(RefMove move) {
            int at = values.lastIndexOf(orNone(move.next()));
            published = Math.max(at, published);
        }

        private static String orNone(@Nullable String id) {
            return id == null ? NONE : id;
        }
    }

    /** Writes each object that is not there, or does not read back as itself where files are suspect. */
    private final class Replay implements Journal.Visitor {
        private final ObjectReader reader;
        private final boolean suspect;

        Replay(ObjectReader reader, boolean suspect) {
            this.reader = reader;
            this.suspect = suspect;
        }

        @Override
        public void object(ObjectStore.Type type, byte[] bytes) throws IOException {
            ObjectId id = ObjectId.fromString(GitObjects.idOf(type, bytes));
            if (suspect ? !isWhole(type, id) : !reader.has(id)) {
                Files.deleteIfExists(repository.getObjectDatabase().fileFor(id).toPath());
                loose.write(type.word(), bytes);
            }
        }

        @Override
        public void moved(List<RefMove> moves) {
            moves.forEach(
                    move -> lines.computeIfAbsent(move.ref(), ref -> new Line()).moved(move));
        }

        @Override
        public void published(List<RefMove> moves) {
            for (RefMove move : moves) {
                Line line = lines.get(move.ref());
                if (line != null) {
                    line.published(move);
                }
            }
        }

        private boolean isWhole(ObjectStore.Type type, ObjectId id) {
            try {
                byte[] stored = reader.open(id, GitObjects.code(type)).getBytes();
                return GitObjects.idOf(type, stored).equals(id.name());
            } catch (IOException damaged) {
                return false;
            }
        }
    }
}
