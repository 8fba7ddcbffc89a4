package countersign.web.api.view;

import countersign.gate.emergency.OwedReview;
import java.time.Instant;
import java.util.List;

/**
 * The signatures that a merged emergency change owes.
 *
 * @param change day and name
 * @param deadline last moment at which it may owe them
 * @param overdue whether that is past
 * @param missing a line for each requirement that is not met
 */
public record OwedReviewView(
        String change, String name, String mergedAt, String deadline, boolean overdue, List<String> missing) {
    /** All of them, oldest merge first. */
    public record OwedReviewList(List<OwedReviewView> items) {}

    public static OwedReviewView of(OwedReview review, Instant now) {
        return new OwedReviewView(
                review.change().toString(),
                review.change().name(),
                review.mergedAt().toString(),
                review.deadline().toString(),
                review.overdueAt(now),
                review.missing());
    }
}
