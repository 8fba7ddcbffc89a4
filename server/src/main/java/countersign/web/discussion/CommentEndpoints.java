package countersign.web.discussion;

import countersign.change.discussion.Comment;
import countersign.change.discussion.Discussions;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.web.http.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comments on changes over HTTP. */
public final class CommentEndpoints {
    private static final long PAGE = 100;
    private static final int MAX_PAGE = 200;

    private final Discussions discussions;

    public CommentEndpoints(Discussions discussions) {
        this.discussions = discussions;
    }

    /**
     * A comment in answers.
     *
     * @param path as the next three, what the thread is about
     * @param resolvedBy who resolved the thread; of its first comment only
     */
    record CommentView(
            long id,
            long thread,
            @Nullable String path,
            @Nullable Integer line,
            @Nullable String requirement,
            String commit,
            String person,
            String createdAt,
            String text,
            int edits,
            @Nullable String editedAt,
            @Nullable String resolvedBy,
            @Nullable String resolvedAt) {
        static CommentView of(Comment comment) {
            Comment.Resolution resolution = comment.resolution();
            return new CommentView(
                    comment.id(),
                    comment.thread(),
                    comment.subject().path(),
                    comment.subject().line(),
                    comment.subject().requirement(),
                    comment.subject().commit(),
                    comment.person(),
                    comment.createdAt().toString(),
                    comment.text(),
                    comment.edits(),
                    comment.editedAt() == null ? null : comment.editedAt().toString(),
                    resolution == null ? null : resolution.person(),
                    resolution == null ? null : resolution.at().toString());
        }
    }

    /**
     * A page of comments, oldest first.
     *
     * @param next cursor of the next page; null on the last
     */
    record CommentPage(List<CommentView> items, @Nullable Long next) {}

    /** What a comment once said. */
    record VersionView(int number, String at, String text) {}

    /** All that a comment said before what it says now. */
    record VersionList(List<VersionView> items) {}

    public void list(Exchange exchange) {
        int limit = limit(exchange);
        List<Comment> found = discussions.list(
                exchange.path("name"),
                exchange.number("after").orElse(0L),
                exchange.query("unresolved").filter("true"::equals).isPresent(),
                limit);
        Long next =
                found.size() < limit ? null : (Long) found.get(found.size() - 1).id();
        exchange.tagged(new CommentPage(found.stream().map(CommentView::of).toList(), next));
    }

    public void add(Exchange exchange) {
        Fields body = exchange.body();
        Discussions.Wish wish = new Discussions.Wish(
                body.text("text"),
                body.textOrNull("path"),
                body.has("line") ? (Integer) body.smallInteger("line") : null,
                body.textOrNull("requirement"),
                body.has("replyTo") ? (Long) body.integer("replyTo") : null);
        body.end();
        Comment added = discussions.add(exchange.person(), exchange.path("name"), wish);
        exchange.json(201, CommentView.of(added));
    }

    public void edit(Exchange exchange) {
        Fields body = exchange.body();
        String text = body.text("text");
        body.end();
        answer(exchange, discussions.edit(exchange.person(), exchange.path("name"), exchange.pathNumber("id"), text));
    }

    public void versions(Exchange exchange) {
        List<VersionView> items = discussions.versions(exchange.path("name"), exchange.pathNumber("id")).stream()
                .map(version -> new VersionView(version.number(), version.at().toString(), version.text()))
                .toList();
        exchange.tagged(new VersionList(items));
    }

    public void resolve(Exchange exchange) {
        answer(exchange, discussions.resolve(exchange.person(), exchange.path("name"), exchange.pathNumber("id")));
    }

    public void reopen(Exchange exchange) {
        answer(exchange, discussions.reopen(exchange.person(), exchange.path("name"), exchange.pathNumber("id")));
    }

    private static void answer(Exchange exchange, Comment comment) {
        exchange.json(200, CommentView.of(comment));
    }

    private static int limit(Exchange exchange) {
        long limit = exchange.number("limit").orElse(PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw new Refusal("limit-out-of-range", "limit must be 1 to " + MAX_PAGE + ", is " + limit);
        }
        return (int) limit;
    }
}
