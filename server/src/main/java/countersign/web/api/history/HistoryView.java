package countersign.web.api.history;

import countersign.codec.Sha256;
import countersign.gate.ApprovalRule;
import countersign.history.Approvers;
import countersign.history.Blame;
import countersign.history.History;
import countersign.history.Moment;
import countersign.history.PastMerge;
import countersign.manifest.FileState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The past as the API shows it. */
final class HistoryView {
    /** The columns of an export: the members of {@link Merge}. */
    static final List<String> COLUMNS = List.of(
            "seq", "index", "time", "change", "title", "operation", "of", "type", "requester", "before", "after");

    private HistoryView() {}

    /** A merge. */
    record Merge(
            long seq,
            long index,
            String time,
            String change,
            String title,
            String operation,
            @Nullable String of,
            String type,
            String requester,
            String before,
            String after) {
        static Merge of(PastMerge merge) {
            return new Merge(
                    merge.seq(),
                    merge.index(),
                    merge.time().toString(),
                    merge.change().toString(),
                    merge.title(),
                    merge.operation().label(),
                    merge.of() == null ? null : merge.of().toString(),
                    merge.type(),
                    merge.requester(),
                    merge.before(),
                    merge.after());
        }

        List<@Nullable Object> cells() {
            return Arrays.asList(seq, index, time, change, title, operation, of, type, requester, before, after);
        }
    }

    /** A page of merges. */
    record Page(List<Merge> items, @Nullable Long next) {
        static Page of(History.Page page) {
            return new Page(page.items().stream().map(Merge::of).toList(), page.next());
        }
    }

    /** A file on one side of a change. */
    record Side(String mode, String sha256) {
        static @Nullable Side of(@Nullable FileState state) {
            return state == null ? null : new Side(state.mode(), state.sha256().hex());
        }
    }

    /** A signature that the gate counted. */
    record Signature(
            String person,
            String role,
            String decision,
            String reason,
            String key,
            @Nullable String grant,
            List<String> rules,
            long index,
            String time) {
        static Signature of(Blame.Signature signature) {
            return new Signature(
                    signature.person(),
                    signature.role(),
                    signature.decision(),
                    signature.reason(),
                    signature.key(),
                    signature.grant(),
                    signature.rules(),
                    signature.index(),
                    signature.loggedAt().toString());
        }
    }

    /** Why a path is as it is. */
    record BlameView(
            String path,
            Merge merge,
            @Nullable Side before,
            @Nullable Side after,
            List<Signature> signatures) {
        static BlameView of(Blame blame) {
            return new BlameView(
                    blame.path(),
                    Merge.of(blame.merge()),
                    Side.of(blame.before()),
                    Side.of(blame.after()),
                    blame.signatures().stream().map(Signature::of).toList());
        }
    }

    /** A file of the past: as text where it is UTF-8, otherwise in Base64. */
    record FileView(
            String path,
            String mode,
            String sha256,
            int size,
            @Nullable String text,
            @Nullable String base64) {
        static FileView of(String path, String mode, byte[] bytes) {
            String text = text(bytes);
            return new FileView(
                    path,
                    mode,
                    Sha256.of(bytes).hex(),
                    bytes.length,
                    text,
                    text == null ? Base64.getEncoder().encodeToString(bytes) : null);
        }

        private static @Nullable String text(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException binary) {
                return null;
            }
        }
    }

    /** What main was at a time, and a file of it if one was asked for. */
    record State(
            String at,
            String commit,
            String contentRoot,
            long index,
            String since,
            @Nullable FileView file) {
        static State of(Instant at, Moment moment, @Nullable FileView file) {
            return new State(
                    at.toString(),
                    moment.commit(),
                    moment.contentRoot().hex(),
                    moment.index(),
                    moment.since().toString(),
                    file);
        }
    }

    /** A person who could sign. */
    record Holder(
            String person, String displayName, List<String> keys, String grant, String notBefore, String notAfter) {
        static Holder of(Approvers.Holder holder) {
            return new Holder(
                    holder.person(),
                    holder.displayName(),
                    holder.keys(),
                    holder.grant(),
                    holder.notBefore().toString(),
                    holder.notAfter().toString());
        }
    }

    /** Who held a role. */
    record Role(String role, List<Holder> people) {
        static Role of(Approvers.OfRole role) {
            return new Role(role.role(), role.holders().stream().map(Holder::of).toList());
        }
    }

    /** How many people of a role a rule wants. */
    record Need(String role, int count) {}

    /** What a rule wants before an emergency change merges. */
    record Emergency(List<String> roles, int min, String retrospectiveWithin) {
        static @Nullable Emergency of(ApprovalRule.@Nullable Emergency emergency) {
            return emergency == null
                    ? null
                    : new Emergency(
                            emergency.roles(),
                            emergency.min(),
                            emergency.retrospectiveWithin().toString());
        }
    }

    /** A rule that matched. */
    record Rule(
            String name,
            String document,
            List<String> operations,
            List<String> types,
            List<String> risks,
            List<Need> needs,
            List<String> overrideRoles,
            @Nullable Emergency emergency,
            List<Role> roles) {
        static Rule of(Approvers.OfRule matched) {
            ApprovalRule rule = matched.rule();
            return new Rule(
                    rule.name(),
                    rule.path(),
                    rule.match().operations().stream().sorted().toList(),
                    rule.match().types().stream().sorted().toList(),
                    rule.match().risks().stream().sorted().toList(),
                    rule.needs().stream()
                            .map(need -> new Need(need.role(), need.count()))
                            .toList(),
                    rule.overrideRoles(),
                    Emergency.of(rule.emergency()),
                    matched.roles().stream().map(Role::of).toList());
        }
    }

    /** Who could approve a change of a path at a time. */
    record ApproversView(
            String path,
            List<String> kinds,
            List<String> environments,
            List<String> classifications,
            State state,
            int floor,
            List<Rule> rules) {
        static ApproversView of(Instant at, Approvers approvers) {
            return new ApproversView(
                    approvers.facets().path(),
                    approvers.facets().kinds().stream().sorted().toList(),
                    approvers.facets().environments().stream().sorted().toList(),
                    approvers.facets().classifications().stream().sorted().toList(),
                    State.of(at, approvers.moment(), null),
                    approvers.floor(),
                    approvers.rules().stream().map(Rule::of).toList());
        }
    }
}
