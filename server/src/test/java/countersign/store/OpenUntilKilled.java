package countersign.store;

import java.nio.file.Path;

/** Opens a database in a folder, says so, and writes until it is killed. */
final class OpenUntilKilled {
    private OpenUntilKilled() {}

    public static void main(String[] arguments) {
        System.out.println("running");
        try (Database database = Database.openFile(Path.of(arguments[0]))) {
            System.out.println("open");
            for (long seq = 1; ; seq++) {
                database.update("insert into event (seq, type, body) values (?, ?, ?)", seq, "killed", "x".repeat(500));
                if (seq % 100 == 0) {
                    database.update("delete from event");
                }
            }
        }
    }
}
