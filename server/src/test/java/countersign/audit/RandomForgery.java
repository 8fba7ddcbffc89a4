package countersign.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import countersign.change.Shop;
import countersign.codec.CanonicalJson;
import countersign.codec.Json;
import countersign.codec.Sha256;
import countersign.fuzz.Mutation;
import countersign.gate.vote.Statement;
import countersign.log.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Cheats with a clone in one way that chance chooses: the same one for the same random numbers. */
final class RandomForgery {
    private static final List<String> SIGNERS = List.of("ann", "bob", "carol", "dave", "erin", "frank", "server", "x");
    private static final List<String> NEW_PATHS = List.of(
            ".gitattributes",
            "README.MD",
            "access/people/mallory.yaml",
            "access/grants/mallory-approver.yaml",
            "changes/2026-11-21/other.yaml",
            "changes/2026-11-21/overridable/votes/mallory.json",
            "changes/2026-11-21/lower-timeout/votes/mallory.json",
            "docs/con.txt",
            "systems/checkout/files/run.sh");

    private final Forger forger;
    private final RandomGenerator random;

    /**
     * What was done.
     *
     * @param harm whether it must be refused, may not be, or is none
     */
    record Done(String what, Harm harm) {}

    /** What verifiers must make of it. */
    enum Harm {
        SURE,
        PERHAPS,
        NONE
    }

    RandomForgery(Forger forger, RandomGenerator random) {
        this.forger = forger;
        this.random = random;
    }

    Done apply() throws IOException, InterruptedException {
        return switch (random.nextInt(10)) {
            case 0 -> damagedObject();
            case 1 -> movedRef();
            case 2 -> unsignedLog();
            case 3 -> otherOrder();
            case 4 -> otherEntry();
            case 5 -> anotherVote();
            case 6 -> otherFiles();
            case 7 -> otherEvidence();
            case 8 -> otherCommit();
            default -> marker();
        };
    }

    /** An object that a verifier must read is flipped, swapped, cut or gone. */
    private Done damagedObject() throws IOException, InterruptedException {
        String[] line = any(lines(forger.git("rev-list", "--objects", "--first-parent", "main")))
                .split(" ", 2);
        Path file = forger.file(line[0]);
        byte[] bytes = Files.readAllBytes(file);
        String place = line[0] + " " + (line.length > 1 ? line[1] : "");
        switch (random.nextInt(4)) {
            case 0 -> Files.delete(file);
            case 1 -> Forger.replace(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case 2 -> forger.swapOnDisk(line[0]);
            default -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Forger.replace(file, bytes);
                return new Done("flipped a bit of " + place, Harm.PERHAPS);
            }
        }
        return new Done("damaged " + place, Harm.SURE);
    }

    private Done movedRef() throws IOException, InterruptedException {
        String ref = random.nextBoolean() ? Forger.MAIN : Forger.LOG;
        List<String> others = new ArrayList<>(lines(forger.git("rev-list", Forger.MAIN, Forger.LOG)));
        others.remove(forger.id(ref));
        String other = any(others);
        if (random.nextInt(4) == 0) {
            forger.git("update-ref", "-d", ref);
            return new Done("deleted " + ref, Harm.SURE);
        }
        forger.git("update-ref", ref, other);
        return new Done("moved " + ref + " to " + other, Harm.SURE);
    }

    /** A file of the log's branch, without the log's keys. */
    private Done unsignedLog() throws IOException, InterruptedException {
        String path = any(List.of("checkpoint", forger.bundle(), forger.tile()));
        byte[] bytes = forger.bytes("cat-file", "blob", Forger.LOG + ":" + path);
        byte[] altered = new Mutation(random, List.of(bytes)).next();
        forger.rewrite(Forger.LOG, Map.of(path, altered));
        boolean sure = !path.equals("checkpoint") && !Arrays.equals(bytes, altered);
        return new Done("rewrote " + path + " of the log", sure ? Harm.SURE : Harm.PERHAPS);
    }

    /** Entries left out, swapped or repeated, all signed again with the log's own keys. */
    private Done otherOrder() throws IOException, InterruptedException {
        List<byte[]> entries = new ArrayList<>(forger.history.entries);
        int at = 1 + random.nextInt(entries.size() - 1);
        int other = 1 + random.nextInt(entries.size() - 1);
        String what = switch (random.nextInt(3)) {
            case 0 -> {
                entries.remove(at);
                other = at;
                yield "left out entry " + at;
            }
            case 1 -> {
                Collections.swap(entries, at, other);
                yield "swapped entries " + at + " and " + other;
            }
            default -> {
                entries.add(other, entries.get(at));
                at = other;
                yield "repeated an entry at " + other;
            }
        };
        boolean changed = !Arrays.deepEquals(entries.toArray(), forger.history.entries.toArray());
        forger.logAgain(entries);
        return new Done(what, changed && isSeenFrom(Math.min(at, other)) ? Harm.SURE : Harm.PERHAPS);
    }

    /** What an entry says, signed again with the log's own keys. */
    private Done otherEntry() throws IOException, InterruptedException {
        List<byte[]> entries = new ArrayList<>(forger.history.entries);
        int at = random.nextInt(entries.size());
        byte[] bytes = entries.get(at);
        byte[] altered = random.nextInt(3) == 0 ? new Mutation(random, List.of(bytes)).next() : otherValue(bytes);
        entries.set(at, Arrays.copyOf(altered, Math.min(altered.length, LogEntry.MAX_BYTES)));
        forger.logAgain(entries);
        boolean sure = !Arrays.equals(bytes, altered) && isSeenFrom(at);
        return new Done("entry " + at + " says " + new String(altered, UTF_8), sure ? Harm.SURE : Harm.PERHAPS);
    }

    /** A statement, perhaps with other words, signed by somebody and logged with the log's own keys. */
    private Done anotherVote() throws IOException, InterruptedException {
        List<LogEntry.Statement> statements = forger.history.entries.stream()
                .map(LogEntry::parse)
                .filter(LogEntry.Statement.class::isInstance)
                .map(LogEntry.Statement.class::cast)
                .toList();
        LogEntry.Statement some = any(statements);
        byte[] text = some.statement().getBytes(UTF_8);
        byte[] said = random.nextBoolean() ? text : otherValue(text);
        String signer = any(SIGNERS);
        String signature = random.nextInt(4) == 0
                ? any(statements).signature()
                : Shop.key(signer).sign(Statement.NAMESPACE, said);
        forger.append(new LogEntry.Statement(new String(said, UTF_8), signature, some.time()));
        return new Done(signer + " signed " + new String(said, UTF_8), Harm.PERHAPS);
    }

    /** The last merge with another file, signed by the server, its digests worked out again. */
    private Done otherFiles() throws IOException, InterruptedException {
        LogEntry.Merge last = forger.history.lastMerge();
        String path = random.nextInt(4) == 0
                ? any(NEW_PATHS)
                : any(lines(forger.git("ls-tree", "-r", "--name-only", last.after())));
        boolean there = !forger.git("ls-tree", last.after(), path).isEmpty();
        byte[] bytes = there ? forger.bytes("cat-file", "blob", last.after() + ":" + path) : "new\n".getBytes(UTF_8);
        byte[] altered = there ? altered(path, bytes) : bytes;
        forger.mergeOtherwise(Map.of(path, altered), merge -> redigested(merge, path, altered));
        boolean sure = !there || !Arrays.equals(bytes, altered);
        return new Done("merged otherwise: " + path, sure ? Harm.SURE : Harm.PERHAPS);
    }

    /** What the server wrote beside the last request, all digests worked out again. */
    private Done otherEvidence() throws IOException, InterruptedException {
        LogEntry.Merge last = forger.history.lastMerge();
        String path = History.REQUEST + "lower-timeout/" + (random.nextBoolean() ? "gate.json" : "manifest.json");
        byte[] bytes = forger.bytes("cat-file", "blob", last.after() + ":" + path);
        byte[] altered = otherValue(bytes);
        forger.mergeOtherwise(Map.of(path, altered), merge -> redigested(merge, path, altered));
        return new Done(
                path + " is " + new String(altered, UTF_8), Arrays.equals(bytes, altered) ? Harm.PERHAPS : Harm.SURE);
    }

    /** The last merge commit with another header, signed by the server or by somebody. */
    private Done otherCommit() throws IOException, InterruptedException {
        LogEntry.Merge last = forger.history.lastMerge();
        String payload = forger.git("cat-file", "commit", last.after()).replaceFirst("(?s)\ngpgsig .*?\n\n", "\n\n");
        String other = new String(new Mutation(random, List.of(payload.getBytes(ISO_8859_1))).next(), ISO_8859_1);
        String signer = random.nextInt(3) == 0 ? any(SIGNERS) : "server";
        forger.mergeCommit((other.contains("\n\n") ? other : other + "\n\n").getBytes(ISO_8859_1), Shop.key(signer));
        return new Done("the merge commit, signed by " + signer + ", is\n" + other, Harm.PERHAPS);
    }

    /** What Git itself would take into account when it walks over history, and no verifier may. */
    private Done marker() throws IOException, InterruptedException {
        List<String> commits = lines(forger.git("rev-list", Forger.MAIN, Forger.LOG));
        String commit = any(commits);
        String what = switch (random.nextInt(5)) {
            case 0 -> write("shallow", String.join("\n", commits.subList(0, 1 + random.nextInt(commits.size()))));
            case 1 -> write("info/grafts", commit);
            case 2 -> write("refs/replace/" + commit, any(commits));
            case 3 ->
                write("objects/info/alternates", forger.clone.resolve("nowhere").toString());
            default -> {
                Files.writeString(
                        forger.clone.resolve("config"),
                        """
                                [extensions]
                                partialClone = origin
                                [remote "origin"]
                                url = ext::touch %s
                                promisor = true
                                [gpg "ssh"]
                                allowedSignersFile = /dev/null
                                [core]
                                commitGraph = true
                                hooksPath = /
                                """.formatted(forger.clone.resolve("touched")),
                        StandardOpenOption.APPEND);
                yield "config";
            }
        };
        return new Done("wrote " + what + " about " + commit, Harm.NONE);
    }

    private String write(String path, String text) throws IOException {
        Path file = forger.clone.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
        return path;
    }

    private byte[] altered(String path, byte[] bytes) {
        return switch (random.nextInt(3)) {
            case 0 -> new byte[0];
            case 1 -> new Mutation(random, List.of(bytes)).next();
            default ->
                path.endsWith(".json") ? otherValue(bytes) : (new String(bytes, UTF_8) + "# more\n").getBytes(UTF_8);
        };
    }

    private static LogEntry.Merge redigested(LogEntry.Merge merge, String path, byte[] bytes) {
        boolean ofLast = path.startsWith(History.REQUEST + "lower-timeout/");
        return new LogEntry.Merge(
                merge.seq(),
                merge.before(),
                merge.after(),
                merge.contentRoot(),
                ofLast && path.endsWith("/manifest.json") ? Sha256.of(bytes) : merge.manifest(),
                ofLast && path.endsWith("/gate.json") ? Sha256.of(bytes) : merge.gate(),
                merge.time());
    }

    /** Whether a statement that follows shows that its signer saw an entry. */
    private boolean isSeenFrom(int index) {
        return forger.history.entries.subList(index + 1, forger.history.entries.size()).stream()
                .map(LogEntry::parse)
                .anyMatch(LogEntry.Statement.class::isInstance);
    }

    /** Canonical JSON in which one value is another, or one member is missing or more. */
    private byte[] otherValue(byte[] json) {
        return CanonicalJson.write(other(Json.readObject("what is altered", json)));
    }

    private Object other(Object value) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            return otherMember(map);
        }
        if (value instanceof List<?> list && !list.isEmpty()) {
            return otherElement(list);
        }
        return any(Arrays.asList(
                value instanceof Long number ? number + 1 : 0L,
                -1L,
                Long.MAX_VALUE,
                "",
                "x",
                value instanceof String text ? text + "x" : "0",
                value instanceof String text && !text.isEmpty() ? text.substring(1) : "0".repeat(64),
                "0".repeat(40),
                "2026-11-21T10:00:00Z",
                "mallory",
                "approve",
                true,
                null,
                List.of(),
                Map.of()));
    }

    private Object otherMember(Map<?, ?> map) {
        Map<Object, Object> altered = new LinkedHashMap<>(map);
        Object key = any(new ArrayList<>(map.keySet()));
        switch (random.nextInt(8)) {
            case 0 -> altered.remove(key);
            case 1 -> altered.put("more", "x");
            default -> altered.put(key, other(map.get(key)));
        }
        return altered;
    }

    private Object otherElement(List<?> list) {
        List<Object> altered = new ArrayList<>(list);
        int at = random.nextInt(list.size());
        switch (random.nextInt(5)) {
            case 0 -> altered.remove(at);
            case 1 -> altered.add(list.get(at));
            case 2 -> Collections.swap(altered, at, random.nextInt(list.size()));
            default -> altered.set(at, other(list.get(at)));
        }
        return altered;
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static List<String> lines(String text) {
        return List.of(text.split("\n"));
    }
}
