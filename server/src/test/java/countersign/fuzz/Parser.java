package countersign.fuzz;

import countersign.apply.record.Receipt;
import countersign.audit.start.Memory;
import countersign.codec.yaml.Yaml;
import countersign.document.Recurrence;
import countersign.document.VersionRange;
import countersign.document.reader.Documents;
import countersign.gate.GateRecord;
import countersign.gate.key.Revocation;
import countersign.gate.vote.Statement;
import countersign.log.Checkpoint;
import countersign.log.LogEntry;
import countersign.log.copy.LogProof;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.TilePath;
import countersign.manifest.Manifest;
import countersign.repository.object.CommitFormat;
import countersign.signing.NoteKey;
import countersign.signing.SignedNote;
import countersign.signing.SshPublicKey;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Whatever reads bytes that somebody else wrote. Each takes bytes and answers with a Refusal, with nothing, or, where a
 * value has one way to be written, with the bytes that it would write for what it read.
 */
enum Parser {
    YAML,
    DOCUMENT,
    CHANGE_REQUEST,
    SIGNATURE,
    KEY,
    NOTE,
    NOTE_KEY,
    CHECKPOINT,
    BUNDLE,
    ENTRY,
    PROOF,
    TILE_PATH,
    MANIFEST,
    STATEMENT,
    REVOCATION,
    GATE,
    RECEIPT,
    MEMORY,
    COMMIT,
    RECURRENCE,
    VERSION_RANGE;

    /** Folder of its corpus. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it would write for what it read; empty if it read nothing, or where there are many ways to write it. */
    Optional<byte[]> parse(byte[] input) {
        return switch (this) {
            case YAML -> read(Yaml.parse("any.yaml", input));
            case DOCUMENT -> read(new Documents().inspect("systems/storefront/storefront-test.yaml", input));
            case CHANGE_REQUEST -> read(new Documents().inspect("changes/2026-11-22/longer-cache.yaml", input));
            case SIGNATURE -> read(SshSignature.parse(text(input)));
            case KEY -> read(SshPublicKey.parse(text(input)));
            case NOTE -> written(SignedNote.parse(input).write());
            case NOTE_KEY -> read(NoteKey.parse(text(input)));
            case CHECKPOINT -> written(Checkpoint.parse(text(input)).text());
            case BUNDLE -> EntryBundle.decode(input).map(EntryBundle::encode);
            case ENTRY -> Optional.of(LogEntry.parse(input).bytes());
            case PROOF -> Optional.of(LogProof.parse(input).write());
            case TILE_PATH -> TilePath.find(text(input)).flatMap(path -> written(path.toString()));
            case MANIFEST -> Optional.of(Manifest.parse(input).bytes());
            case STATEMENT -> Optional.of(Statement.parse(input).bytes());
            case REVOCATION -> Optional.of(Revocation.parse(input).bytes());
            case GATE -> Optional.of(GateRecord.parse(input).bytes());
            case RECEIPT -> Optional.of(Receipt.parse(input).bytes());
            case MEMORY -> Optional.of(Memory.parse(input).bytes());
            case COMMIT -> read(CommitFormat.parse("0".repeat(40), input));
            case RECURRENCE -> read(Recurrence.parse(text(input)));
            case VERSION_RANGE -> read(VersionRange.parse(text(input)));
        };
    }

    private static Optional<byte[]> read(Object value) {
        Objects.requireNonNull(value);
        return Optional.empty();
    }

    private static Optional<byte[]> written(String text) {
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
