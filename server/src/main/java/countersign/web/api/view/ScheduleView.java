package countersign.web.api.view;

import countersign.change.record.Schedule;
import countersign.change.store.Rescheduling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a change may merge.
 *
 * @param window of its newest revision; null for any time
 * @param moved every time that it was moved, oldest first
 */
public record ScheduleView(@Nullable WindowView window, List<MoveView> moved) {
    /**
     * That a push moved the window, which voided all votes before.
     *
     * @param revision which push
     * @param from the window before; null if there was none
     * @param to the window since; null if there is none
     */
    public record MoveView(
            int revision,
            @Nullable WindowView from,
            @Nullable WindowView to,
            String reason,
            String person,
            String at) {
        private static MoveView of(Rescheduling moved) {
            return new MoveView(
                    moved.revision(),
                    WindowView.of(moved.from()),
                    WindowView.of(moved.to()),
                    moved.reason(),
                    moved.person(),
                    moved.at().toString());
        }
    }

    public static ScheduleView of(Schedule schedule) {
        return new ScheduleView(
                WindowView.of(schedule.window()),
                schedule.moved().stream().map(MoveView::of).toList());
    }
}
