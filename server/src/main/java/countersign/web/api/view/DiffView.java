package countersign.web.api.view;

import countersign.codec.Refusal;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import countersign.repository.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a change alters in the repository, path by path, up to {@value #MAX_TEXT} characters of text.
 *
 * @param files as the manifest lists them
 */
public record DiffView(List<FileDiff> files) {
    static final int MAX_TEXT = 2 << 20;

    private static final int MAX_FILE = 1 << 20;
    private static final int CONTEXT = 3;

    /**
     * One path.
     *
     * @param before null if there was no file
     * @param after null if there will be none
     * @param text a unified difference without headers; null for files that are large or no text, and when the answer
     *     is full
     */
    record FileDiff(
            String path,
            @Nullable SideView before,
            @Nullable SideView after,
            @Nullable String text) {}

    /** One side of a path. */
    record SideView(String mode, String sha256) {
        static @Nullable SideView of(@Nullable FileState state) {
            return state == null
                    ? null
                    : new SideView(state.mode(), state.sha256().hex());
        }
    }

    public static DiffView of(Manifest manifest, Snapshot before, Snapshot after) {
        List<FileDiff> files = new ArrayList<>();
        int left = MAX_TEXT;
        for (Manifest.FileChange file : manifest.files()) {
            String text = left <= 0 ? null : text(file, before, after);
            left -= text == null ? 0 : text.length();
            files.add(new FileDiff(file.path(), SideView.of(file.before()), SideView.of(file.after()), text));
        }
        return new DiffView(files);
    }

    private static @Nullable String text(Manifest.FileChange file, Snapshot before, Snapshot after) {
        Optional<List<String>> old = lines(before, file.path(), file.before());
        Optional<List<String>> now = lines(after, file.path(), file.after());
        return old.isEmpty() || now.isEmpty()
                ? null
                : LineDiff.of(old.get(), now.get()).unified(CONTEXT);
    }

    private static Optional<List<String>> lines(Snapshot snapshot, String path, @Nullable FileState state) {
        if (state == null) {
            return Optional.of(List.of());
        }
        try {
            byte[] bytes = snapshot.read(path, MAX_FILE);
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .lines()
                    .map(DiffView::visible)
                    .toList());
        } catch (Refusal | CharacterCodingException largeOrNoText) {
            return Optional.empty();
        }
    }

    /** Characters that would not be seen, or that change the order of others, as escapes. */
    private static String visible(String line) {
        StringBuilder out = new StringBuilder(line.length());
        line.codePoints().forEach(point -> {
            int type = Character.getType(point);
            boolean hidden = (type == Character.CONTROL && point != '\t') || type == Character.FORMAT;
            if (hidden) {
                out.append(String.format("\\u{%x}", point));
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }
}
