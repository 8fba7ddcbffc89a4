package countersign.audit;

import countersign.change.Shop;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One way each to cheat with a clone, the rule that finds it, and the place that the finding must name. */
enum Forgery {
    VOTE_FLIPPED(
            "corrupt-object",
            vote("raise-timeout", "dave"),
            f -> f.flipOnDisk("main:" + vote("raise-timeout", "dave"))),
    VOTE_SWAPPED(
            "corrupt-object",
            vote("raise-timeout", "dave"),
            f -> f.swapOnDisk("main:" + vote("raise-timeout", "dave"))),
    SIGNATURE_SWAPPED(
            "corrupt-object",
            vote("hurry", "carol") + ".sig",
            f -> f.swapOnDisk("main:" + vote("hurry", "carol") + ".sig")),
    DOCUMENT_FLIPPED("corrupt-object", Shop.SYSTEM, f -> f.flipOnDisk("main:" + Shop.SYSTEM)),
    DOCUMENT_SWAPPED("corrupt-object", Shop.SYSTEM, f -> f.swapOnDisk("main:" + Shop.SYSTEM)),
    GRANT_FLIPPED("corrupt-object", History.GRANT, f -> f.flipOnDisk("main:" + History.GRANT)),
    GRANT_SWAPPED("corrupt-object", History.GRANT, f -> f.swapOnDisk("main:" + History.GRANT)),
    GATE_SWAPPED("corrupt-object", server("readme", "gate"), f -> f.swapOnDisk("main:" + server("readme", "gate"))),
    MANIFEST_SWAPPED(
            "corrupt-object", server("readme", "manifest"), f -> f.swapOnDisk("main:" + server("readme", "manifest"))),
    FOLDER_SWAPPED("corrupt-object", "access/grants", f -> f.swapOnDisk("main:access/grants")),
    MERGE_COMMIT_FLIPPED("corrupt-object", "#7 ", f -> f.flipOnDisk("main")),
    PROPOSED_COMMIT_FLIPPED("corrupt-object", "#7 ", f -> f.flipOnDisk("main^2")),
    OBJECT_MISSING("no-such-file", Shop.SYSTEM, f -> f.removeFromDisk("main:" + Shop.SYSTEM)),
    BUNDLE_FLIPPED("corrupt-object", "tile/entries/000.p/27", f -> f.flipOnDisk(Forger.LOG + ":" + f.bundle())),
    TILE_FLIPPED("corrupt-object", "tile/0/000.p/27", f -> f.swapOnDisk(Forger.LOG + ":" + f.tile())),
    CHECKPOINT_FLIPPED("corrupt-object", "checkpoint", f -> f.flipOnDisk(Forger.LOG + ":checkpoint")),

    MERGE_ENTRY_REWRITTEN("log-entry-altered", "entry 25", f -> f.rewriteLog(f.bundle(), "\"seq\":7", "\"seq\":8")),
    STATEMENT_ENTRY_REWRITTEN(
            "log-entry-altered",
            "entry 2",
            f -> f.rewriteLog(f.bundle(), "\\\"person\\\":\\\"dave\\\"", "\\\"person\\\":\\\"erin\\\"")),
    RECEIPT_ENTRY_REWRITTEN(
            "log-entry-altered",
            "entry 10",
            f -> f.rewriteLog(f.bundle(), "\\\"outcome\\\":\\\"applied\\\"", "\\\"outcome\\\":\\\"appl1ed\\\"")),
    TILE_REWRITTEN(
            "log-tile-altered", "tile/0/000.p/27", f -> f.rewrite(Forger.LOG, Map.of(f.tile(), new byte[27 * 32]))),
    TILE_REMOVED("log-tile-altered", "tile/0/000.p/27", f -> f.rewrite(Forger.LOG, Map.of(f.tile(), new byte[0]))),
    BUNDLE_REMOVED(
            "log-tile-altered", "tile/entries/000.p/27", f -> f.rewrite(Forger.LOG, Map.of(f.bundle(), new byte[0]))),
    CHECKPOINT_REWRITTEN("log-checkpoint-altered", "checkpoint", f -> f.rewriteLog("checkpoint", "\n27\n", "\n26\n")),
    LOG_BRANCH_REMOVED("no-log-branch", "countersign/log", f -> f.git("update-ref", "-d", Forger.LOG)),
    LOG_TRUNCATED("main-ahead", "main", f -> f.git("update-ref", Forger.LOG, Forger.LOG + "~1")),

    HISTORY_REWRITTEN(
            "main-differs",
            "main",
            f -> f.rewrite(Forger.MAIN, f.altered(Forger.MAIN, vote("lower-timeout", "bob"), "bob", "ann"))),
    MAIN_BEHIND("main-behind", "main", f -> f.git("update-ref", Forger.MAIN, Forger.MAIN + "~1")),
    MAIN_AHEAD(
            "main-ahead",
            "main",
            f -> f.git("update-ref", Forger.MAIN, f.git("commit-tree", "main^{tree}", "-p", "main", "-m", "More"))),
    MAIN_MISSING("main-missing", "main", f -> f.git("update-ref", "-d", Forger.MAIN)),

    VOTE_REMERGED(
            "server-folder",
            vote("lower-timeout", "bob"),
            f -> f.mergeOtherwise(f.altered("main", vote("lower-timeout", "bob"), "seen", "SEEN"), merge -> merge)),
    DOCUMENT_REMERGED(
            "manifest-differs",
            Shop.SYSTEM,
            f -> f.mergeOtherwise(f.altered("main", Shop.SYSTEM, "15", "16"), merge -> merge)),
    EXTRA_FILE_REMERGED(
            "manifest-differs",
            "README.md",
            f -> f.mergeOtherwise(f.altered("main", "README.md", "Our", "Her"), merge -> merge)),
    GRANT_REMERGED(
            "manifest-differs",
            History.GRANT,
            f -> f.mergeOtherwise(f.altered("main", History.GRANT, "2027", "2037"), merge -> merge)),
    GATE_REMERGED(
            "gate-digest",
            "#7 ",
            f -> f.mergeOtherwise(
                    f.altered("main", server("lower-timeout", "gate"), "\"needed\":2", "\"needed\":1"),
                    merge -> merge)),
    MANIFEST_REMERGED(
            "manifest-digest",
            "#7 ",
            f -> f.mergeOtherwise(
                    f.altered("main", server("lower-timeout", "manifest"), "apply", "epply"), merge -> merge)),
    CONTENT_ROOT_LIES(
            "content-root",
            "#7 ",
            f -> f.mergeOtherwise(
                    Map.of(),
                    merge -> entry(merge, f.history.lastMerge().before(), Sha256.of(new byte[0]), merge.time()))),
    FORKED_CHAIN(
            "merge-chain",
            "#7 ",
            f -> f.mergeOtherwise(Map.of(), merge -> entry(merge, f.id("main~2"), merge.contentRoot(), merge.time()))),
    EARLIER_TIME(
            "time-goes-back",
            "#7 ",
            f -> f.mergeOtherwise(
                    Map.of(),
                    merge -> entry(merge, merge.before(), merge.contentRoot(), Instant.parse("2026-11-21T10:30:00Z")))),
    MERGE_OF_NO_COMMIT(
            "no-such-commit",
            "#7 ",
            f -> f.replaceEntry(f.history.lastIndex(LogEntry.Merge.class), nowhere(f.history.lastMerge()))),
    HUGE_LOG(
            "log-tile-altered",
            "tile/",
            f -> f.rewrite(Forger.LOG, Map.of("checkpoint", f.checkpoint(100_000_000_000_000_000L)))),
    SIGNED_BY_A_STRANGER(
            "commit-signed-by-unknown-key",
            "#7 ",
            f -> f.mergeOtherwise(Map.of(), Shop.key("stranger"), merge -> merge)),
    SECOND_MERGE_OF_ONE_BEFORE("merge-sequence", "#7 ", f -> f.append(f.history.lastMerge())),
    SECOND_GENESIS("second-genesis", "log entry 27", f -> f.appendBytes(f.history.entries.get(0))),
    STATEMENT_WITHOUT_SIGNATURE(
            "bad-signature",
            "log entry 27",
            f -> f.append(f.statement("\"role\":\"approver\"", "\"role\":\"security\""))),
    STATEMENT_OF_ANOTHER_LOG("checkpoint-not-in-log", "log entry 27", f -> f.append(f.signed(Forgery::otherRoot))),
    STATEMENT_OF_THE_FUTURE(
            "checkpoint-not-in-log",
            "log entry 27",
            f -> f.append(f.signed(text -> text.replaceFirst("\"size\":\\d+", "\"size\":99")))),
    STATEMENT_OF_NO_SIZE(
            "checkpoint-not-in-log",
            "log entry 27",
            f -> f.append(f.signed(text -> text.replaceFirst("\"size\":\\d+", "\"size\":-1")))),
    RECEIPT_OF_A_STRANGER(
            "unknown-receipt-key", "log entry 27", f -> f.append(f.receipt(receipt -> receipt, "stranger"))),
    RECEIPT_OF_NO_MERGE(
            "receipt-without-merge",
            "log entry 27",
            f -> f.append(
                    f.receipt(text -> text.replaceFirst("\"merge\":\"[0-9a-f]{6}", "\"merge\":\"000000"), "server"))),
    REJECTION_LEFT_OUT("checkpoint-not-in-log", "log entry 4", Forgery::withoutRejection);

    final String rule;
    final String place;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Forger.Tampering tampering;

    Forgery(String rule, String place, Forger.Tampering tampering) {
        this.rule = rule;
        this.place = place;
        this.tampering = tampering;
    }

    void on(Forger forger) throws IOException, InterruptedException {
        tampering.on(forger);
    }

    private static String server(String change, String file) {
        return History.REQUEST + change + "/" + file + ".json";
    }

    private static String vote(String change, String person) {
        return server(change, "votes/" + person);
    }

    private static LogEntry.Merge entry(LogEntry.Merge merge, String before, Sha256 contentRoot, Instant time) {
        return new LogEntry.Merge(
                merge.seq(), before, merge.after(), contentRoot, merge.manifest(), merge.gate(), time);
    }

    private static LogEntry.Merge nowhere(LogEntry.Merge merge) {
        return new LogEntry.Merge(
                merge.seq(),
                merge.before(),
                "refs/heads/main",
                merge.contentRoot(),
                merge.manifest(),
                merge.gate(),
                merge.time());
    }

    private static String otherRoot(String statement) {
        return statement.replaceFirst("\"root\":\"[0-9a-f]{6}", "\"root\":\"000000");
    }

    /** A server that forgets that somebody rejected, and logs the rest again. */
    private static void withoutRejection(Forger forger) throws IOException, InterruptedException {
        List<byte[]> entries = new ArrayList<>(forger.history.entries);
        entries.subList(4, 6).clear();
        forger.logAgain(entries);
    }
}
