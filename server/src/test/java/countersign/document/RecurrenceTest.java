package countersign.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceTest {
    @Test
    void its_parts_are_read() {
        Recurrence last = Recurrence.parse("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1SU,2MO;BYMONTH=3,9;UNTIL=20271231");

        assertThat(last)
                .isEqualTo(new Recurrence(
                        Recurrence.Frequency.MONTHLY,
                        3,
                        null,
                        LocalDate.of(2027, 12, 31),
                        List.of(new Recurrence.Day(-1, DayOfWeek.SUNDAY), new Recurrence.Day(2, DayOfWeek.MONDAY)),
                        List.of(),
                        List.of(3, 9)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "WEEKLY",
                "FREQ=",
                "FREQ=SECONDLY",
                "BYDAY=MO",
                "FREQ=DAILY;FREQ=DAILY",
                "FREQ=DAILY;COUNT=0",
                "FREQ=DAILY;COUNT=1;UNTIL=20271231",
                "FREQ=DAILY;UNTIL=2027-12-31",
                "FREQ=DAILY;UNTIL=20270230",
                "FREQ=WEEKLY;BYDAY=1MO",
                "FREQ=WEEKLY;BYMONTHDAY=1",
                "FREQ=WEEKLY;BYDAY=MO,MO",
                "FREQ=MONTHLY;BYDAY=0MO",
                "FREQ=MONTHLY;BYMONTHDAY=32",
                "FREQ=YEARLY;BYMONTH=13",
                "FREQ=YEARLY;BYWEEKNO=1",
                "FREQ=DAILY;INTERVAL=99999999999",
            })
    void what_is_not_read_is_refused_not_ignored(String text) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Recurrence.parse(text));

        assertThat(refusal.rule()).isEqualTo("wrong-recurrence");
    }
}
