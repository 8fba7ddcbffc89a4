package countersign.web;

import countersign.account.Action;
import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.codec.Fields;
import countersign.web.http.Exchange;
import countersign.web.http.Route;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Backups of the server while it runs. Thread-safe. */
public final class BackupRoutes {
    private static final String PATH = "/api/v1/backups";

    private final Backups backups;
    private final ActivityLog activity;

    public BackupRoutes(Backups backups, ActivityLog activity) {
        this.backups = backups;
        this.activity = activity;
    }

    /** Makes backups. */
    public interface Backups {
        /** Begins one. */
        void start(String name);

        /** One that was begun since the server was started. */
        BackupView get(String name);
    }

    /**
     * A backup in answers.
     *
     * @param state {@code working}, {@code complete} or {@code failed}
     * @param reason why it failed; null if it did not
     * @param content what it holds; null unless it is complete
     */
    public record BackupView(
            String name,
            String state,
            @Nullable String reason,
            @Nullable Content content) {}

    /**
     * What a backup holds.
     *
     * @param folder where it stands on the server's machine
     * @param main commit of main in it
     * @param logSize entries of the record log in it, at least
     * @param logRoot root of that many entries
     * @param database whether it holds the database; false where that is elsewhere and has backups of its own
     */
    public record Content(String folder, String main, long logSize, String logRoot, boolean database) {}

    public List<Route> list() {
        return List.of(
                Route.post(PATH, Action.ADMINISTER, this::start),
                Route.get(PATH + "/{name}", Action.ADMINISTER, this::get));
    }

    private void start(Exchange exchange) {
        Fields body = exchange.body();
        String name = body.text("name");
        body.end();
        backups.start(name);
        activity.note(ActivityKind.BACKUP_BEGUN, exchange.person(), exchange.network(), Map.of("backup", name));
        exchange.set("Location", PATH + "/" + name);
        exchange.json(202, backups.get(name));
    }

    private void get(Exchange exchange) {
        exchange.set("Cache-Control", "no-store");
        exchange.json(200, backups.get(exchange.path("name")));
    }
}
