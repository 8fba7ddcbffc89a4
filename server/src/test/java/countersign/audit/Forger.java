package countersign.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import countersign.apply.record.Receipt;
import countersign.change.Shop;
import countersign.codec.Sha256;
import countersign.gate.vote.Statement;
import countersign.git.GitRepository;
import countersign.log.Checkpoint;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.log.copy.MirrorUpdate;
import countersign.repository.Repository;
import countersign.signing.NoteSigner;
import countersign.signing.SignedNote;
import countersign.signing.SigningKey;
import countersign.signing.git.GitSignatures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Tampers with a clone: with bytes on the disk, with the plumbing of git, or with the server's own keys. */
final class Forger {
    static final String MAIN = "refs/heads/main";
    static final String LOG = "refs/heads/countersign/log";

    final Path clone;
    final History history;

    Forger(Path clone, History history) {
        this.clone = clone;
        this.history = history;
    }

    /** Something that is done to a clone. */
    interface Tampering {
        void on(Forger forger) throws IOException, InterruptedException;
    }

    /** What a merge entry says instead of the truth. */
    interface Lie {
        LogEntry.Merge on(LogEntry.Merge merge) throws IOException, InterruptedException;
    }

    /** Flips one bit in the middle of the file that holds an object. */
    void flipOnDisk(String revision) throws IOException, InterruptedException {
        Path file = file(revision);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        replace(file, bytes);
    }

    /** Stores other bytes under the id of an object, well compressed. */
    void swapOnDisk(String revision) throws IOException, InterruptedException {
        Path file = file(revision);
        byte[] bytes = new InflaterInputStream(Files.newInputStream(file)).readAllBytes();
        bytes[bytes.length - 2] ^= 1;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        replace(file, out.toByteArray());
    }

    void removeFromDisk(String revision) throws IOException, InterruptedException {
        Files.delete(file(revision));
    }

    /** Alters one file of the log's branch. */
    void rewriteLog(String path, String from, String to) throws IOException, InterruptedException {
        rewrite(LOG, altered(LOG, path, from, to));
    }

    /** Alters files of the branch's newest commit, which becomes another, unsigned commit with the same parents. */
    String rewrite(String branch, Map<String, byte[]> files) throws IOException, InterruptedException {
        String commit = id(branch);
        List<String> command = new ArrayList<>(List.of("commit-tree", tree(commit, files), "-m", "Nothing to see"));
        for (String parent : git("log", "-1", "--format=%P", commit).split(" ", -1)) {
            if (!parent.isEmpty()) {
                command.addAll(List.of("-p", parent));
            }
        }
        String forged = git(command.toArray(String[]::new));
        git("update-ref", branch, forged);
        return forged;
    }

    /** What a server that cheats would do: another last merge, signed and logged with its own keys. */
    void mergeOtherwise(Map<String, byte[]> files, Lie lie) throws IOException, InterruptedException {
        mergeOtherwise(files, history.shop.serverKey, lie);
    }

    void mergeOtherwise(Map<String, byte[]> files, SigningKey key, Lie lie) throws IOException, InterruptedException {
        LogEntry.Merge merge = history.lastMerge();
        String tree = tree(merge.after(), files);
        LogEntry.Merge forged;
        try (Repository opened = GitRepository.openForReading(clone)) {
            String payload = new String(opened.getCommit(merge.after()).signedPayload(), ISO_8859_1)
                    .replaceFirst("tree [0-9a-f]{40}", "tree " + tree);
            String commit = commit(GitSignatures.sign(payload.getBytes(ISO_8859_1), key));
            forged = new LogEntry.Merge(
                    merge.seq(),
                    merge.before(),
                    commit,
                    opened.snapshotOfTree(tree).contentRoot(),
                    merge.manifest(),
                    merge.gate(),
                    merge.time());
        }
        git("update-ref", MAIN, forged.after());
        replaceEntry(history.lastIndex(LogEntry.Merge.class), lie.on(forged));
    }

    /** What is left of the last merge if its commit is another, signed by somebody. */
    void mergeCommit(byte[] payload, SigningKey key) throws IOException, InterruptedException {
        LogEntry.Merge merge = history.lastMerge();
        String commit = commit(GitSignatures.sign(payload, key));
        Path main = clone.resolve(MAIN);
        Files.createDirectories(main.getParent());
        Files.writeString(main, commit + "\n");
        replaceEntry(
                history.lastIndex(LogEntry.Merge.class),
                new LogEntry.Merge(
                        merge.seq(),
                        merge.before(),
                        commit,
                        merge.contentRoot(),
                        merge.manifest(),
                        merge.gate(),
                        merge.time()));
    }

    private String commit(byte[] bytes) throws IOException, InterruptedException {
        return git(bytes, Map.of(), "hash-object", "--literally", "-t", "commit", "-w", "--stdin");
    }

    /** Logs everything again, one entry otherwise, with the log's own keys; what follows it is cut off. */
    void replaceEntry(int index, LogEntry entry) throws IOException, InterruptedException {
        List<byte[]> entries = new ArrayList<>(history.entries.subList(0, index));
        entries.add(entry.bytes());
        logAgain(entries);
    }

    /** Logs one more entry with the log's own keys. */
    void append(LogEntry entry) throws IOException, InterruptedException {
        appendBytes(entry.bytes());
    }

    void appendBytes(byte[] entry) throws IOException, InterruptedException {
        List<byte[]> entries = new ArrayList<>(history.entries);
        entries.add(entry);
        logAgain(entries);
    }

    /** The last statement with other words under the old signature. */
    LogEntry.Statement statement(String from, String to) {
        LogEntry.Statement last = lastStatement();
        return new LogEntry.Statement(last.statement().replace(from, to), last.signature(), last.time());
    }

    /** The last statement with other words, signed again by carol. */
    LogEntry.Statement signed(UnaryOperator<String> lie) {
        LogEntry.Statement last = lastStatement();
        String text = lie.apply(last.statement());
        String signature = Shop.key("carol").sign(Statement.NAMESPACE, text.getBytes(UTF_8));
        return new LogEntry.Statement(text, signature, last.time());
    }

    /** The last receipt with other words, signed again. */
    LogEntry.Receipt receipt(UnaryOperator<String> lie, String signer) {
        LogEntry.Receipt last =
                (LogEntry.Receipt) LogEntry.parse(history.entries.get(history.lastIndex(LogEntry.Receipt.class)));
        String text = lie.apply(last.receipt());
        return new LogEntry.Receipt(text, Shop.key(signer).sign(Receipt.NAMESPACE, text.getBytes(UTF_8)), last.time());
    }

    private LogEntry.Statement lastStatement() {
        return (LogEntry.Statement) LogEntry.parse(history.entries.get(history.lastIndex(LogEntry.Statement.class)));
    }

    /** Replaces the branch of the log by one with these entries, signed with the log's own keys. */
    void logAgain(List<byte[]> entries) throws IOException, InterruptedException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String path : git("ls-tree", "-r", "--name-only", LOG).split("\n", -1)) {
            files.put(path, new byte[0]);
        }
        Path folder = Files.createTempDirectory(clone.getParent(), "log");
        try (RecordLog log = RecordLog.open(folder, history.shop.signers, history.shop.now::get)) {
            log.appendBytes(entries);
            MirrorUpdate update = MirrorUpdate.since(0, log);
            update.written().forEach(path -> files.put(path, update.bytes(path)));
        }
        rewrite(LOG, files);
    }

    /** What the log signs if it claims to have so many entries. */
    byte[] checkpoint(long size) {
        String text = new Checkpoint(history.shop.signers.origin(), size, Sha256.of(new byte[] {1})).text();
        List<NoteSigner> signers = history.shop.signers.signers();
        List<String> lines = List.of(signers.get(0).sign(text), signers.get(1).cosign(text, history.shop.now.get()));
        return SignedNote.of(text, lines).write().getBytes(UTF_8);
    }

    /** The bytes at a path of a branch with one of them altered. */
    Map<String, byte[]> altered(String branch, String path, String from, String to)
            throws IOException, InterruptedException {
        byte[] bytes = bytes("cat-file", "blob", branch + ":" + path);
        String text = new String(bytes, ISO_8859_1);
        if (!text.contains(from) || from.length() != to.length()) {
            throw new IllegalArgumentException(path + " does not hold " + from);
        }
        int at = text.indexOf(from);
        return Map.of(path, (text.substring(0, at) + to + text.substring(at + to.length())).getBytes(ISO_8859_1));
    }

    /** The path of the log's only bundle of entries. */
    String bundle() throws IOException, InterruptedException {
        return git("ls-tree", "-r", "--name-only", LOG, "tile/entries/");
    }

    /** The path of the log's tile of hashes. */
    String tile() throws IOException, InterruptedException {
        return git("ls-tree", "-r", "--name-only", LOG, "tile/0/");
    }

    String id(String revision) throws IOException, InterruptedException {
        return git("rev-parse", revision);
    }

    String git(String... arguments) throws IOException, InterruptedException {
        return git(new byte[0], Map.of(), arguments);
    }

    byte[] bytes(String... arguments) throws IOException, InterruptedException {
        return run(new byte[0], Map.of(), arguments);
    }

    /** The tree of a commit with files altered; those without bytes are removed. */
    private String tree(String commit, Map<String, byte[]> files) throws IOException, InterruptedException {
        Path index = Files.createTempDirectory(clone.getParent(), "index").resolve("index");
        Map<String, String> environment = Map.of("GIT_INDEX_FILE", index.toString());
        git(new byte[0], environment, "read-tree", commit);
        StringBuilder edits = new StringBuilder();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            boolean removed = file.getValue().length == 0;
            String blob = removed ? "0".repeat(40) : git(file.getValue(), Map.of(), "hash-object", "-w", "--stdin");
            edits.append(removed ? "0 " : "100644 ").append(blob).append('\t').append(file.getKey());
            edits.append('\n');
        }
        git(edits.toString().getBytes(UTF_8), environment, "update-index", "--index-info");
        return git(new byte[0], environment, "write-tree");
    }

    Path file(String revision) throws IOException, InterruptedException {
        String id = id(revision);
        return clone.resolve("objects/" + id.substring(0, 2) + "/" + id.substring(2));
    }

    static void replace(Path file, byte[] bytes) throws IOException {
        Files.delete(file);
        Files.write(file, bytes);
    }

    private String git(byte[] input, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return new String(run(input, environment, arguments), UTF_8).strip();
    }

    private byte[] run(byte[] input, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Mallory", "-c", "user.email=m@x.example"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(clone.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("GIT_DIR", clone.toString(), "GIT_CONFIG_GLOBAL", "/dev/null"));
        Process process = builder.start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + " failed");
        }
        return output;
    }
}
