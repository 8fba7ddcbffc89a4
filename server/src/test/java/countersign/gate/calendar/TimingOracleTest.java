package countersign.gate.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import countersign.codec.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random entries of all that a recurrence can say, against a program that shares no code with ours. */
class TimingOracleTest {
    private static final Path PROGRAM = Path.of("server/src/test/resources/python/calendars.py");
    private static final int CASES = 400;
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Amsterdam",
            "America/New_York",
            "Asia/Shanghai",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Asia/Kathmandu");

    @TempDir
    Path folder;

    private final Random random = new Random(Long.getLong("timing.seed", 20_261_122L));

    @Test
    void it_goes_on_when_the_other_program_says_so() throws Exception {
        List<Map<String, Object>> cases =
                IntStream.range(0, CASES).mapToObj(number -> randomCase()).toList();
        Path file = Files.write(folder.resolve("cases.json"), Json.write(cases));

        List<String> said = run("python3", "-B", PROGRAM.toString(), file.toString());

        assertThat(said).hasSize(CASES).anyMatch(line -> line.contains("01")).anyMatch(line -> line.contains("10"));
        for (int number = 0; number < CASES; number++) {
            assertThat(answers(cases.get(number))).as("%s", cases.get(number)).isEqualTo(said.get(number));
        }
    }

    private static String answers(Map<String, Object> asked) {
        Timing timing = timing(asked);
        return ((List<?>) asked.get("moments"))
                .stream()
                        .map(moment ->
                                timing.findAt(Instant.parse((String) moment)).isPresent() ? "1" : "0")
                        .collect(Collectors.joining());
    }

    private static Timing timing(Map<String, Object> asked) {
        return Timing.of(Fields.of("entry", (Map<?, ?>) asked.get("entry")), ZoneId.of((String) asked.get("zone")));
    }

    private Map<String, Object> randomCase() {
        LocalDate first = LocalDate.of(2026, 1, 1).plusDays(random.nextInt(800));
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", "entry");
        entry.put("from", random.nextInt(3) == 0 ? first.toString() : first + "T" + time());
        if (random.nextBoolean()) {
            LocalDate end = first.plusDays(1 + random.nextInt(12));
            entry.put("until", random.nextInt(3) == 0 ? end.toString() : end + "T" + time());
        } else {
            entry.put("duration", pick("PT4H", "PT90M", "P1D", "P10D", "P1DT2H", "P2W", "P1M", "PT50H"));
        }
        if (random.nextInt(6) > 0) {
            entry.put("recurrence", recurrence(first));
        }
        entry.put(
                "except",
                List.of(first.plusDays(7).toString(), first.plusMonths(1).toString()));
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("zone", ZONES.get(random.nextInt(ZONES.size())));
        asked.put("entry", entry);
        asked.put("moments", moments(timing(asked), first));
        return asked;
    }

    private String recurrence(LocalDate first) {
        String frequency = pick("DAILY", "WEEKLY", "MONTHLY", "YEARLY");
        boolean inMonths = frequency.equals("MONTHLY") || frequency.equals("YEARLY");
        List<String> parts = new ArrayList<>(List.of("FREQ=" + frequency));
        if (random.nextBoolean()) {
            parts.add("INTERVAL=" + (1 + random.nextInt(4)));
        }
        if (random.nextBoolean()) {
            parts.add("BYDAY=" + weekdays(inMonths));
        }
        if (!frequency.equals("WEEKLY") && random.nextInt(3) == 0) {
            parts.add("BYMONTHDAY=" + pick("1", "-1", "13,-2", "31", "29,30"));
        }
        if (random.nextInt(3) == 0) {
            parts.add("BYMONTH=" + pick("2", "3,11", "1,2,3,4,10"));
        }
        switch (random.nextInt(3)) {
            case 0 -> parts.add("COUNT=" + (1 + random.nextInt(30)));
            case 1 ->
                parts.add("UNTIL="
                        + first.plusDays(random.nextInt(900)).toString().replace("-", ""));
            default -> {}
        }
        return String.join(";", parts);
    }

    private String weekdays(boolean counted) {
        String one = weekday(counted);
        String other = weekday(counted);
        return one.equals(other) ? one : one + "," + other;
    }

    private String weekday(boolean counted) {
        String day = DayOfWeek.of(1 + random.nextInt(7)).name().substring(0, 2);
        return counted && random.nextBoolean() ? pick("1", "2", "5", "-1", "-2") + day : day;
    }

    private String time() {
        return String.format("%02d:%02d", random.nextInt(24), 30 * random.nextInt(2));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Moments at random, and those just before and at the edges of what ours finds. */
    private List<String> moments(Timing timing, LocalDate first) {
        Instant begin = Instant.parse(first + "T00:00:00Z").minusSeconds(86_400);
        TreeSet<Instant> moments = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            moments.add(begin.plusSeconds(random.nextInt(86_400 * 800)));
        }
        timing.between(begin, begin.plusSeconds(86_400L * 1_200), 40).forEach(occurrence -> {
            moments.add(occurrence.start());
            moments.add(occurrence.start().minusSeconds(1));
            moments.add(occurrence.end());
            moments.add(occurrence.end().minusSeconds(1));
        });
        return moments.stream().map(Instant::toString).toList();
    }

    private static List<String> run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.lines().toList();
    }
}
