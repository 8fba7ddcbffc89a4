package countersign.store;

import countersign.change.discussion.CommentStore;
import countersign.change.discussion.CommentStoreContract;
import countersign.change.event.EventStore;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

final class JdbcCommentStoreTest extends CommentStoreContract {
    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());
    private final JdbcEventStore events = new JdbcEventStore(database, new Random(1));

    @Override
    protected CommentStore store() {
        return new JdbcCommentStore(database, events);
    }

    @Override
    protected EventStore events() {
        return events;
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
