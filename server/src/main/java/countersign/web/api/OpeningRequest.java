package countersign.web.api;

import countersign.change.wish.Opening;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Reads the body that opens or revises a change: {@code {message, files: [{path, content, …}]}}. */
final class OpeningRequest {
    private OpeningRequest() {}

    static Opening read(Fields body) {
        Map<String, Edit> edits = new HashMap<>();
        for (Fields file : body.objectList("files")) {
            String path = file.text("path");
            if (edits.put(path, edit(path, file)) != null) {
                throw new Refusal("duplicate-path", "the body names " + path + " twice");
            }
            file.end();
        }
        Opening opening = new Opening(body.textOr("message", ""), edits);
        body.end();
        return opening;
    }

    private static Edit edit(String path, Fields file) {
        boolean delete = file.flag("delete");
        boolean text = file.has("content");
        boolean coded = file.has("contentBase64");
        if ((delete ? 1 : 0) + (text ? 1 : 0) + (coded ? 1 : 0) != 1) {
            throw new Refusal(
                    "missing-field",
                    "the file " + path + " needs exactly one of content, contentBase64 and delete: true");
        }
        if (delete) {
            return new Edit.Delete();
        }
        byte[] bytes =
                text ? file.text("content").getBytes(StandardCharsets.UTF_8) : decode(path, file.text("contentBase64"));
        return new Edit.Write(mode(path, file.textOr("mode", FileMode.REGULAR.octal())), bytes);
    }

    private static byte[] decode(String path, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw new Refusal("wrong-type", "contentBase64 of " + path + " is not base64");
        }
    }

    private static FileMode mode(String path, String octal) {
        return FileMode.find(octal)
                .orElseThrow(() ->
                        new Refusal("wrong-type", "the mode of " + path + " must be 100644 or 100755, is " + octal));
    }
}
