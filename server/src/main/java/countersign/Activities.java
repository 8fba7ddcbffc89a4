package countersign;

import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.codec.Refusal;
import countersign.data.DataFolder;
import countersign.data.SecretFile;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/** Opens the activity log of a data folder. */
final class Activities {
    /** For how long at least its entries are kept, as an ISO 8601 duration. */
    private static final String RETENTION = "COUNTERSIGN_ACTIVITY_RETENTION";

    private static final String DEFAULT = "P400D";

    private Activities() {}

    /** @param record origin of the record log */
    static ActivityLog open(DataFolder folder, String record, Countersign.Outside outside) {
        byte[] seed = SecretFile.readOrDraw(folder.keys().resolve("activity"), outside.random());
        String origin = record + "/activity";
        NoteSigner signer = new NoteSigner(origin, NoteKey.Algorithm.ED25519, seed);
        String retention = outside.variables().getOrDefault(RETENTION, DEFAULT);
        return new ActivityLog(
                new ActivityLog.Settings(folder.activity(), origin, signer, duration(retention)), outside.clock());
    }

    /** Notes one thing that whoever owns the folder did while no server runs. */
    static void note(
            DataFolder folder,
            String record,
            Countersign.Outside outside,
            ActivityKind kind,
            Map<String, String> detail) {
        ActivityLog log = open(folder, record, outside);
        log.note(kind, null, null, detail);
        log.stop();
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(Duration.ofDays(1)) >= 0) {
                return duration;
            }
        } catch (DateTimeException malformed) {
            throw refused(text);
        }
        throw refused(text);
    }

    private static Refusal refused(String text) {
        return new Refusal(
                "malformed-duration", RETENTION + " must be a duration of at least a day such as P400D, is: " + text);
    }
}
