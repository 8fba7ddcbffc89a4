package countersign.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActivityLogTest {
    private static final String ORIGIN = "shop.example/log/activity";

    private final NoteSigner signer = new NoteSigner(ORIGIN, NoteKey.Algorithm.ED25519, new byte[32]);
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    private Path folder;

    private ActivityLog log;

    @BeforeEach
    void opens() {
        log = open();
    }

    @AfterEach
    void closes() {
        log.stop();
    }

    @Test
    void what_was_noted_is_listed_newest_first() {
        log.note(ActivityKind.SIGNED_IN, "ann", "192.0.2.0", Map.of("token", "a1"));
        now = now.plusSeconds(1);
        log.note(ActivityKind.PASSWORD_SET, "ann", "192.0.2.0", Map.of("of", "bob"));

        assertThat(kinds(all()))
                .containsExactly(ActivityKind.PASSWORD_SET, ActivityKind.SIGNED_IN, ActivityKind.LOG_BEGAN);
        assertThat(all().get(1))
                .isEqualTo(new Activity(
                        Instant.parse("2026-11-21T10:00:00Z"),
                        Activity.What.of(ActivityKind.SIGNED_IN, "ann", "192.0.2.0", Map.of("token", "a1")),
                        1));
    }

    @Test
    void all_conditions_must_hold() {
        log.note(ActivityKind.SIGNED_IN, "ann", "192.0.2.0", Map.of());
        now = now.plusSeconds(60);
        log.note(ActivityKind.SIGNED_IN, "bob", "192.0.2.0", Map.of());
        log.note(ActivityKind.TOKEN_ISSUED, "ann", "192.0.2.0", Map.of());

        assertThat(kinds(list("ann", null, null, null)))
                .containsExactly(ActivityKind.TOKEN_ISSUED, ActivityKind.SIGNED_IN);
        assertThat(list("ann", ActivityKind.SIGNED_IN, now, null)).isEmpty();
        assertThat(list(null, ActivityKind.SIGNED_IN, now, now)).hasSize(1);
    }

    @Test
    void pages_follow_each_other_over_segments() {
        IntStream.range(0, 5).forEach(i -> log.note(ActivityKind.SIGNED_IN, "p" + i, null, Map.of()));
        log.write();
        now = Instant.parse("2026-12-01T00:00:00Z");
        IntStream.range(5, 8).forEach(i -> log.note(ActivityKind.SIGNED_IN, "p" + i, null, Map.of()));

        List<String> people = new java.util.ArrayList<>();
        ActivityQuery.Place place = null;
        do {
            ActivityLog.Page page = log.list(new ActivityQuery(null, ActivityKind.SIGNED_IN, null, null, place, 3));
            page.items().forEach(item -> people.add(item.what().person()));
            place = page.next() == null
                    ? null
                    : ActivityQuery.Place.parse(page.next().toString());
        } while (place != null);

        assertThat(people).containsExactly("p7", "p6", "p5", "p4", "p3", "p2", "p1", "p0");
        assertThat(log.parts()).extracting(part -> part.segment().toString()).containsExactly("2026-11-1", "2026-12-1");
    }

    @Test
    void refusals_are_counted_by_the_minute_behind_the_first() {
        for (int i = 0; i < 500; i++) {
            log.refused(ActivityKind.REFUSED, null, "198.51.100.0", Map.of("route", "/api/v1/changes"));
        }
        assertThat(counts(ActivityKind.REFUSED)).containsExactly(1L);

        now = now.plusSeconds(60);

        assertThat(counts(ActivityKind.REFUSED)).containsExactly(499L, 1L);
    }

    @Test
    void who_comes_from_everywhere_can_not_fill_the_log() {
        for (int i = 0; i < 5_000; i++) {
            log.refused(ActivityKind.REFUSED, null, "2001:db8:0:" + i, Map.of("route", "/api/v1/changes"));
        }
        now = now.plusSeconds(60);

        List<Activity> noted = new java.util.ArrayList<>();
        ActivityQuery.Place place = null;
        do {
            ActivityLog.Page page = log.list(new ActivityQuery(null, ActivityKind.REFUSED, null, null, place, 500));
            noted.addAll(page.items());
            place = page.next();
        } while (place != null);
        assertThat(noted).hasSize(Counter.MOST + 1);
        assertThat(noted.stream().mapToLong(Activity::count).sum()).isEqualTo(5_000);
    }

    @Test
    void the_use_of_a_token_is_counted_by_the_hour() {
        IntStream.range(0, 100).forEach(i -> log.used("ann", "192.0.2.0", "a1"));
        now = now.plusSeconds(60);
        IntStream.range(0, 100).forEach(i -> log.used("ann", "192.0.2.0", "a1"));
        now = now.plus(Duration.ofHours(1));

        assertThat(counts(ActivityKind.TOKEN_USED)).containsExactly(199L, 1L);
    }

    @Test
    void what_is_too_much_at_once_is_told_as_a_number() {
        IntStream.range(0, 10_500).forEach(i -> log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of()));
        log.write();

        log.write();

        assertThat(all().get(0).what().kind()).isEqualTo(ActivityKind.NOT_NOTED);
        assertThat(all().get(0).count()).isEqualTo(500);
    }

    @Test
    void a_log_goes_on_where_it_was_closed() {
        log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of());
        log.stop();

        log = open();
        log.note(ActivityKind.SIGNED_IN, "bob", null, Map.of());

        assertThat(kinds(all()))
                .containsExactly(ActivityKind.SIGNED_IN, ActivityKind.SIGNED_IN, ActivityKind.LOG_BEGAN);
        assertThat(audit(Map.of())).allMatch(ActivityAudit.Line::good);
    }

    @Test
    void old_segments_lose_their_entries_and_the_rest_stays_provable() {
        for (int month = 1; month <= 5; month++) {
            now = Instant.parse("2027-0" + month + "-15T00:00:00Z");
            log.note(ActivityKind.SIGNED_IN, "in-month-" + month, null, Map.of());
            log.write();
        }

        assertThat(log.parts()).extracting(ActivityLog.Part::kept).containsExactly(false, false, true, true, true);
        assertThat(log.parts().get(0).head().size()).isEqualTo(2);
        assertThat(kinds(list("in-month-1", null, null, null))).isEmpty();
        assertThat(audit(Map.of())).allMatch(ActivityAudit.Line::good).hasSize(5);
    }

    @Test
    void an_altered_entry_is_found_and_named() throws IOException {
        log.note(ActivityKind.TOKEN_ISSUED, "mallory", null, Map.of());
        log.write();
        now = Instant.parse("2026-12-01T00:00:00Z");
        log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of());
        log.stop();
        Path journal = folder.resolve("2026-11-1/journal");
        Files.write(journal, replaced(Files.readAllBytes(journal), "mallory", "quentin"));

        log = open();

        assertThat(audit(Map.of())).extracting(ActivityAudit.Line::good).contains(false);
        assertThat(log.parts().get(0).head()).isNull();
    }

    @Test
    void a_log_that_was_shortened_or_made_anew_does_not_extend_what_is_remembered() {
        log.note(ActivityKind.TOKEN_ISSUED, "mallory", null, Map.of());
        Map<String, Checkpoint> remembered = heads();
        log.stop();
        delete(folder.resolve("2026-11-1"));

        log = open();
        log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of());

        assertThat(audit(Map.of())).allMatch(ActivityAudit.Line::good);
        assertThat(audit(remembered).get(0).problem().rule()).isEqualTo("log-forked");
    }

    @Test
    void a_segment_that_vanished_breaks_the_chain() {
        log.note(ActivityKind.TOKEN_ISSUED, "mallory", null, Map.of());
        log.write();
        now = Instant.parse("2026-12-01T00:00:00Z");
        log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of());
        Map<String, Checkpoint> remembered = heads();
        log.stop();
        delete(folder.resolve("2026-11-1"));

        log = open();

        assertThat(audit(Map.of()).get(0).problem().rule()).isEqualTo("activity-log-broken");
        assertThat(audit(remembered))
                .extracting(line -> line.problem().rule())
                .containsExactly("activity-log-broken", "log-truncated");
    }

    @Test
    void a_segment_that_can_not_be_continued_does_not_stop_the_log() throws IOException {
        log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of());
        log.stop();
        Path journal = folder.resolve("2026-11-1/journal");
        Files.write(journal, replaced(Files.readAllBytes(journal), "\"ann\"", "\"eve\""));

        log = open();
        log.note(ActivityKind.SIGNED_IN, "bob", null, Map.of());

        assertThat(all()).extracting(activity -> activity.what().person()).startsWith("bob");
        assertThat(audit(Map.of()).get(1).problem().rule()).isEqualTo("activity-log-damaged");
    }

    @Test
    void a_copy_of_a_running_log_can_be_opened_and_verified(@TempDir Path copies) {
        log.note(ActivityKind.SIGNED_IN, "ann", null, Map.of());
        log.write();
        now = Instant.parse("2026-12-01T00:00:00Z");
        log.note(ActivityKind.SIGNED_IN, "bob", null, Map.of());
        List<Activity> before = all();

        log.copyTo(copies.resolve("copy"));
        log.stop();
        log = new ActivityLog(settings(copies.resolve("copy")), () -> now);

        assertThat(all()).isEqualTo(before);
        assertThat(audit(Map.of())).allMatch(ActivityAudit.Line::good);
    }

    @Test
    void nothing_that_is_no_segment_is_read() {
        assertThatThrownBy(() -> Segment.parse("../../keys"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("no-such-segment"));
        assertThat(log.read(Segment.parse("2020-01-1"), "checkpoint")).isEmpty();
    }

    private List<ActivityAudit.Line> audit(Map<String, Checkpoint> remembered) {
        Map<Segment, Boolean> kept = new LinkedHashMap<>();
        log.parts().forEach(part -> kept.put(part.segment(), part.kept()));
        return new ActivityAudit(ORIGIN, log.key(), remembered)
                .verify(kept, segment -> path -> log.read(segment, path));
    }

    private Map<String, Checkpoint> heads() {
        Map<String, Checkpoint> heads = new LinkedHashMap<>();
        log.parts().forEach(part -> heads.put(part.segment().toString(), part.head()));
        return heads;
    }

    private List<Activity> all() {
        return list(null, null, null, null);
    }

    private List<Activity> list(
            @Nullable String person, @Nullable ActivityKind kind, @Nullable Instant since, @Nullable Instant until) {
        return log.list(new ActivityQuery(person, kind, since, until, null, 500))
                .items();
    }

    private List<Long> counts(ActivityKind kind) {
        return list(null, kind, null, null).stream().map(Activity::count).toList();
    }

    private static List<ActivityKind> kinds(List<Activity> activities) {
        return activities.stream().map(activity -> activity.what().kind()).toList();
    }

    private ActivityLog open() {
        return new ActivityLog(settings(folder), () -> now);
    }

    private ActivityLog.Settings settings(Path in) {
        return new ActivityLog.Settings(in, ORIGIN, signer, Duration.ofDays(60));
    }

    private static byte[] replaced(byte[] bytes, String from, String to) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void delete(Path path) {
        try (java.util.stream.Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
