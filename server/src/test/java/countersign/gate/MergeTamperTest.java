package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Sha256;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.repository.Commit;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that holds its key, writes the log and cheats in one thing: each cheat has its named refusal. */
class MergeTamperTest {
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";
    private static final Sha256 OTHER = Sha256.of("other".getBytes(UTF_8));

    @Test
    void nothing_tampered_verifies() {
        assertThat(good().verify().gate().open()).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"commits", "entries", "trees", "manifests", "gates", "folders", "logs"})
    void a_cheating_server_is_refused_by_name(String rule, String cheat, UnaryOperator<MergeDraft> tamper) {
        MergeDraft merge = tamper.apply(good());

        assertThat(refusalOf(merge::verify).rule()).as(cheat).isEqualTo(rule);
    }

    static Stream<Arguments> commits() {
        return Stream.of(
                cheat("commit-not-signed", "no signature", MergeDraft::unsigned),
                cheat("commit-signed-by-unknown-key", "the key of nobody", merge -> merge.signedBy("mallory")),
                cheat("commit-signed-by-unknown-key", "the key of a person", merge -> merge.signedBy("carol")),
                cheat("commit-signed-by-unknown-key", "the recovery key", merge -> merge.signedBy("vault")),
                cheat(
                        "bad-signature",
                        "the signature of another commit",
                        merge -> merge.showing(real ->
                                with(real, real.parents(), Keys.of("server").sign("git", "other".getBytes(UTF_8))))),
                cheat(
                        "wrong-namespace",
                        "a signature for another purpose",
                        merge -> merge.showing(real -> with(
                                real,
                                real.parents(),
                                Keys.of("server").sign(Statement.NAMESPACE, real.signedPayload())))),
                cheat("merge-parents", "one parent", merge -> merge.withParents(main(merge))),
                cheat(
                        "merge-parents",
                        "three parents",
                        merge -> merge.withParents(main(merge), tip(merge), tip(merge))),
                cheat("merge-parents", "parents swapped", merge -> merge.withParents(tip(merge), main(merge))),
                cheat("merge-parents", "the branch is main", merge -> merge.withParents(main(merge), main(merge))),
                cheat("merge-parents", "commits kept back", merge -> merge.proposing(List.of())));
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                cheat("merge-commit", "another commit", logs(good -> merge(good, good.before(), good.contentRoot()))),
                cheat("content-root", "another root", logs(good -> merge(good, good.after(), OTHER))),
                cheat(
                        "manifest-digest",
                        "another manifest",
                        logs(good -> merge(good, OTHER, good.gate(), good.time()))),
                cheat("gate-digest", "another gate", logs(good -> merge(good, good.manifest(), OTHER, good.time()))),
                cheat(
                        "gate-time",
                        "a later time",
                        logs(good -> merge(
                                good, good.manifest(), good.gate(), good.time().plusSeconds(1)))),
                cheat(
                        "merge-time",
                        "a time before its votes",
                        logs(good -> merge(
                                good, good.manifest(), good.gate(), good.time().minus(Duration.ofMinutes(3))))));
    }

    static Stream<Arguments> trees() {
        return Stream.of(
                cheat(
                        "merge-tree",
                        "the tree of another commit",
                        merge -> merge.showingTree(real -> merge.scene().before())),
                cheat("manifest-differs", "one file more", merge -> merge.write("systems/checkout/files/x.sh", "id\n")),
                cheat(
                        "manifest-differs",
                        "one byte",
                        merge -> merge.write(PRODUCTION, ShopFiles.storefront("production", 8099))),
                cheat("manifest-differs", "a file less", merge -> merge.edit("README.md", new Edit.Delete())),
                cheat(
                        "manifest-differs",
                        "another mode",
                        merge -> merge.edit(
                                "README.md", new Edit.Write(FileMode.EXECUTABLE, "# Lantern Tea\n".getBytes(UTF_8)))),
                cheat(
                        "forbidden-mode",
                        "a symbolic link",
                        merge -> merge.showingTree(real -> new Overlay(real, "link", "120000"))),
                cheat(
                        "forbidden-mode",
                        "a submodule",
                        merge -> merge.showingTree(real -> new Overlay(real, "module", "160000"))),
                cheat(
                        "one-change",
                        "no request",
                        merge -> merge.remove(merge.scene().request().id().document())),
                cheat(
                        "one-change",
                        "two requests",
                        merge -> merge.write("changes/2026-11-21/another.yaml", request(merge))));
    }

    static Stream<Arguments> manifests() {
        return Stream.of(
                cheat("no-such-file", "no manifest", merge -> merge.remove(merge.folder() + "/manifest.json")),
                cheat("not-canonical", "a space more", manifest("\"engine\":1", "\"engine\": 1")),
                cheat(
                        "not-canonical",
                        "contributors in another order",
                        manifest("[\"ann\",\"bob\"]", "[\"bob\",\"ann\"]")),
                cheat("contributor-missing", "an author kept out", manifest("[\"ann\",\"bob\"]", "[\"ann\"]")),
                cheat(
                        "gate-manifest",
                        "a contributor more",
                        manifest("[\"ann\",\"bob\"]", "[\"ann\",\"bob\",\"carol\"]")),
                cheat("manifest-differs", "another repository", manifest(ShopFiles.ID, ShopFiles.ID.replace('7', '8'))),
                cheat("manifest-differs", "another log", manifest(ShopFiles.ORIGIN, "log.elsewhere.example")),
                cheat("manifest-differs", "another operation", manifest("\"apply\"", "\"recover\"")),
                cheat(
                        "manifest-differs",
                        "a rollback granted",
                        manifest("\"rollback\":null", "\"rollback\":{\"for\":\"PT24H\",\"roles\":[\"approver\"]}")),
                cheat(
                        "manifest-differs",
                        "a deadline",
                        manifest("\"applyBy\":null", "\"applyBy\":\"2027-01-01T00:00:00Z\"")),
                cheat(
                        "manifest-differs",
                        "a path kept out",
                        merge -> merge.write(
                                merge.folder() + "/manifest.json",
                                withoutFirst(merge.scene().manifest()).bytes())),
                cheat("engine", "another engine", manifest("\"engine\":1", "\"engine\":2")),
                cheat("manifest-change", "another change", manifest("2026-11-21/raise-port", "2026-11-21/raise-bort")),
                cheat("unknown-field", "a field more", manifest("\"engine\":1", "\"else\":1,\"engine\":1")),
                cheat("unknown-manifest-version", "another version", manifest("\"version\":1", "\"version\":2")));
    }

    static Stream<Arguments> gates() {
        return Stream.of(
                cheat("no-such-file", "no gate", merge -> merge.remove(merge.folder() + "/gate.json")),
                cheat("not-canonical", "a space more", gate("\"engine\":1", "\"engine\": 1")),
                cheat("gate-engine", "another engine", gate("\"engine\":1", "\"engine\":2")),
                cheat("gate-change", "another change", gate("2026-11-21/raise-port", "2026-11-21/raise-bort")),
                cheat(
                        "gate-manifest",
                        "another manifest",
                        merge -> gate(merge.scene().manifest().digest().hex(), OTHER.hex())
                                .apply(merge)),
                cheat(
                        "gate-time",
                        "another time",
                        merge -> gate(
                                        merge.scene().time().toString(),
                                        merge.scene().time().plusSeconds(60).toString())
                                .apply(merge)),
                cheat(
                        "gate-contributors",
                        "what nobody signed",
                        gate("\"known\":\"attested\"", "\"known\":\"signed\"")),
                cheat("gate-differs", "evidence of another", gate("\"person\":\"erin\"", "\"person\":\"dave\"")),
                cheat(
                        "gate-differs",
                        "a requirement kept out",
                        merge -> merge.write(
                                merge.folder() + "/gate.json",
                                withoutFirst(merge.gate()).bytes())));
    }

    static Stream<Arguments> folders() {
        return Stream.of(
                cheat("server-folder", "a file more", merge -> merge.write(merge.folder() + "/notes.txt", "x")),
                cheat("server-folder", "a vote less", merge -> merge.remove(merge.folder() + "/votes/erin.json")),
                cheat(
                        "server-folder",
                        "a signature less",
                        merge -> merge.remove(merge.folder() + "/votes/erin.json.sig")),
                cheat(
                        "server-folder",
                        "a vote of another",
                        merge -> merge.write(merge.folder() + "/votes/erin.json", merge.bytes("votes/dave.json"))),
                cheat(
                        "server-folder",
                        "a signature of another",
                        merge -> merge.write(
                                merge.folder() + "/votes/erin.json.sig", merge.bytes("votes/dave.json.sig"))),
                cheat(
                        "server-folder",
                        "an uncounted vote",
                        merge -> merge.write(merge.folder() + "/votes/grace.json", merge.bytes("votes/dave.json"))),
                cheat(
                        "server-folder",
                        "a vote that can be run",
                        merge -> merge.edit(
                                merge.folder() + "/votes/erin.json",
                                new Edit.Write(FileMode.EXECUTABLE, merge.bytes("votes/erin.json")))),
                cheat(
                        "changes-immutable",
                        "another change's folder",
                        merge -> merge.write("changes/2026-11-20/older/gate.json", "{}\n")));
    }

    static Stream<Arguments> logs() {
        return Stream.of(
                cheat(
                        "requirement-unmet",
                        "a vote after the merge",
                        merge -> merge.votes(votes -> votes.stream()
                                .map(vote -> vote.person().equals("erin") ? at(vote, 10_000) : vote)
                                .toList())),
                cheat(
                        "requirement-unmet",
                        "a vote that is not in the log",
                        merge -> merge.votes(votes -> votes.stream()
                                .filter(vote -> !vote.person().equals("erin"))
                                .toList())),
                cheat(
                        "gate-differs",
                        "a vote at another index",
                        merge -> merge.votes(votes -> votes.stream()
                                .map(vote -> vote.person().equals("dave") ? at(vote, 0) : vote)
                                .toList())));
    }

    @Test
    void a_folder_that_was_there_before_the_merge_is_refused() {
        MergeDraft merge = shop().with("changes/2026-11-21/raise-port/votes/carol.json", "{}\n")
                .change("raise-port")
                .touching("README.md", "# Tea\n")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("server-folder");
    }

    @Test
    void a_merged_request_never_changes() {
        Shop shop = shop();
        ChangeId merged = shop.change("first")
                .touching("README.md", "# Tea\n")
                .approvedBy("carol", "approver")
                .merge()
                .land();

        MergeDraft edited = shop.change("second")
                .touching("README.md", "# More tea\n")
                .approvedBy("carol", "approver")
                .merge()
                .remove(merged.folder() + "/gate.json");

        assertThat(refusalOf(edited::verify).rule()).isEqualTo("changes-immutable");
    }

    @Test
    void a_commit_of_nobody_in_the_tree_is_refused() {
        MergeDraft merge = shop().change("raise-port")
                .written("mallory", "ann")
                .touching("README.md", "# Tea\n")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("unknown-author");
    }

    private static MergeDraft good() {
        return shop().change("raise-port")
                .by("ann")
                .written("bob", "ann")
                .titled("Listen on 8090")
                .touching(PRODUCTION, ShopFiles.storefront("production", 8090))
                .submittedBy("ann")
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("erin", "security")
                .merge();
    }

    private static Arguments cheat(String rule, String cheat, UnaryOperator<MergeDraft> tamper) {
        return Arguments.of(rule, cheat, tamper);
    }

    private static UnaryOperator<MergeDraft> logs(UnaryOperator<LogEntry.Merge> lie) {
        return merge -> merge.logging(lie);
    }

    private static UnaryOperator<MergeDraft> manifest(String good, String bad) {
        return merge -> replace(merge, "manifest.json", good, bad);
    }

    private static UnaryOperator<MergeDraft> gate(String good, String bad) {
        return merge -> replace(merge, "gate.json", good, bad);
    }

    private static MergeDraft replace(MergeDraft merge, String name, String good, String bad) {
        String text = new String(merge.bytes(name), UTF_8);
        assertThat(text).contains(good);
        return merge.write(merge.folder() + "/" + name, text.replace(good, bad));
    }

    private static LogEntry.Merge merge(LogEntry.Merge good, String after, Sha256 contentRoot) {
        return new LogEntry.Merge(
                good.seq(), good.before(), after, contentRoot, good.manifest(), good.gate(), good.time());
    }

    private static LogEntry.Merge merge(LogEntry.Merge good, Sha256 manifest, Sha256 gate, Instant time) {
        return new LogEntry.Merge(good.seq(), good.before(), good.after(), good.contentRoot(), manifest, gate, time);
    }

    private static Commit with(Commit real, List<String> parents, String signature) {
        return new Commit(
                real.id(),
                real.treeId(),
                parents,
                real.author(),
                real.committer(),
                real.message(),
                signature,
                real.signedPayload());
    }

    private static Vote at(Vote vote, long index) {
        return new Vote(vote.statement(), vote.bytes(), vote.armored(), index, vote.loggedAt());
    }

    private static GateRecord withoutFirst(GateRecord gate) {
        List<Requirement> fewer = new ArrayList<>(gate.requirements());
        fewer.remove(0);
        return new GateRecord(
                gate.engine(),
                gate.manifest(),
                gate.change(),
                gate.time(),
                fewer,
                gate.contributors(),
                gate.policies());
    }

    private static Manifest withoutFirst(Manifest manifest) {
        return new Manifest(
                manifest.engine(),
                manifest.repository(),
                manifest.log(),
                manifest.change(),
                manifest.operation(),
                manifest.of(),
                manifest.contributors(),
                manifest.files().subList(1, manifest.files().size()),
                manifest.units(),
                manifest.rollback(),
                manifest.applyBy(),
                manifest.recovery());
    }

    private static String main(MergeDraft merge) {
        return merge.proposed().get(merge.proposed().size() - 1).parents().get(0);
    }

    private static String tip(MergeDraft merge) {
        return merge.proposed().get(0).id();
    }

    private static String request(MergeDraft merge) {
        byte[] bytes = merge.scene().after().read(merge.scene().request().id().document(), 1 << 20);
        return new String(bytes, UTF_8).replace("name: raise-port", "name: another");
    }
}
