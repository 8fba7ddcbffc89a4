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
import java.util.Optional;
import java.util.function.Function;

/**
 * Whatever reads bytes that somebody else wrote. Each takes bytes and answers with a Refusal, with nothing, or, where a
 * value has one way to be written, with the bytes that it would write for what it read.
 */
enum Parser {
    YAML(reading(bytes -> Yaml.parse("any.yaml", bytes))),
    DOCUMENT(reading(bytes -> new Documents().inspect("systems/storefront/storefront-test.yaml", bytes))),
    CHANGE_REQUEST(reading(bytes -> new Documents().inspect("changes/2026-11-22/longer-cache.yaml", bytes))),
    SIGNATURE(text(SshSignature::parse)),
    KEY(text(SshPublicKey::parse)),
    NOTE(bytes -> Optional.of(SignedNote.parse(bytes).write().getBytes(StandardCharsets.UTF_8))),
    NOTE_KEY(text(NoteKey::parse)),
    CHECKPOINT(bytes -> Optional.of(Checkpoint.parse(string(bytes)).text().getBytes(StandardCharsets.UTF_8))),
    BUNDLE(bytes -> EntryBundle.decode(bytes).map(EntryBundle::encode)),
    ENTRY(bytes -> Optional.of(LogEntry.parse(bytes).bytes())),
    PROOF(bytes -> Optional.of(LogProof.parse(bytes).write())),
    TILE_PATH(bytes -> TilePath.find(string(bytes)).map(path -> path.toString().getBytes(StandardCharsets.UTF_8))),
    MANIFEST(bytes -> Optional.of(Manifest.parse(bytes).bytes())),
    STATEMENT(bytes -> Optional.of(Statement.parse(bytes).bytes())),
    REVOCATION(bytes -> Optional.of(Revocation.parse(bytes).bytes())),
    GATE(bytes -> Optional.of(GateRecord.parse(bytes).bytes())),
    RECEIPT(bytes -> Optional.of(Receipt.parse(bytes).bytes())),
    MEMORY(bytes -> Optional.of(Memory.parse(bytes).bytes())),
    COMMIT(reading(bytes -> CommitFormat.parse("0".repeat(40), bytes))),
    RECURRENCE(text(Recurrence::parse)),
    VERSION_RANGE(text(VersionRange::parse));

    private final Function<byte[], Optional<byte[]>> parse;

    Parser(Function<byte[], Optional<byte[]>> parse) {
        this.parse = parse;
    }

    /** Folder of its corpus. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it would write for what it read; empty if it read nothing, or where there are many ways to write it. */
    Optional<byte[]> parse(byte[] input) {
        return parse.apply(input);
    }

    private static Function<byte[], Optional<byte[]>> reading(Function<byte[], ?> parse) {
        return bytes -> {
            parse.apply(bytes);
            return Optional.empty();
        };
    }

    private static Function<byte[], Optional<byte[]>> text(Function<String, ?> parse) {
        return reading(bytes -> parse.apply(string(bytes)));
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
