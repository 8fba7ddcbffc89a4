package countersign.bench;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param what what was measured
 * @param rate how many a second, or another measure with its unit
 * @param p50 milliseconds that half of them took at most
 * @param p99 milliseconds that 99 of 100 took at most
 * @param processor processor milliseconds of one, clients and server together; empty if they were not told apart
 * @param budget what the design wants
 * @param met whether it got it; empty where there is no budget
 */
record Row(String what, String rate, String p50, String p99, String processor, String budget, String met) {
    static final String HEADER =
            "| what | rate | p50 ms | p99 ms | CPU ms | budget | met |\n|---|---:|---:|---:|---:|---|---|";

    /** What is wanted: zero or infinity for what is not. */
    record Budget(double rate, double p50, double p99) {
        static final Budget NONE = new Budget(0, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

        static Budget rate(double rate) {
            return new Budget(rate, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        private boolean metBy(Timings timings) {
            return timings.rate() >= rate && timings.millis(0.50) <= p50 && timings.millis(0.99) <= p99;
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            if (rate > 0) {
                text.append(String.format(Locale.ROOT, "≥ %,.0f /s", rate));
            }
            append(text, "p50", p50);
            append(text, "p99", p99);
            return text.toString();
        }

        private static void append(StringBuilder text, String name, double most) {
            if (most != Double.POSITIVE_INFINITY) {
                text.append(text.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%s ≤ %.0f ms", name, most));
            }
        }
    }

    static Row of(String what, Timings timings, Budget budget) {
        String text = budget.text();
        return new Row(
                what,
                String.format(Locale.ROOT, "%,.1f /s", timings.rate()),
                String.format(Locale.ROOT, "%.2f", timings.millis(0.50)),
                String.format(Locale.ROOT, "%.2f", timings.millis(0.99)),
                timings.processor() == 0 ? "" : String.format(Locale.ROOT, "%.2f", timings.processorMillis()),
                text,
                text.isEmpty() ? "" : yesOrNo(budget.metBy(timings)));
    }

    /** A rate, with processor milliseconds of one that are to be at most so many. */
    static Row measured(String what, double rate, double processor, double mostProcessor) {
        return new Row(
                what,
                String.format(Locale.ROOT, "%,.1f /s", rate),
                "",
                "",
                String.format(Locale.ROOT, "%.2f", processor),
                String.format(Locale.ROOT, "CPU ≤ %.1f ms", mostProcessor),
                yesOrNo(processor <= mostProcessor));
    }

    /** How many times as long something took as something else. */
    static Row times(String what, double times, double most) {
        return new Row(
                what,
                String.format(Locale.ROOT, "%.2f ×", times),
                "",
                "",
                "",
                String.format(Locale.ROOT, "≤ %.2f ×", most),
                yesOrNo(times <= most));
    }

    /** A single measure that is to be at most so much. */
    static Row atMost(String what, double measured, double most, String unit) {
        return new Row(
                what,
                String.format(Locale.ROOT, "%,.0f %s", measured, unit),
                "",
                "",
                "",
                String.format(Locale.ROOT, "≤ %,.0f %s", most, unit),
                yesOrNo(measured <= most));
    }

    /** What could not be measured, and why. */
    static Row without(String why) {
        return new Row(why, "", "", "", "", "", "");
    }

    /** A single measure without a budget. */
    static Row plain(String what, double measured, String unit) {
        return new Row(what, String.format(Locale.ROOT, "%,.1f %s", measured, unit), "", "", "", "", "");
    }

    private static String yesOrNo(boolean met) {
        return met ? "yes" : "no";
    }

    @Override
    public String toString() {
        return "| " + String.join(" | ", what, rate, p50, p99, processor, budget, met) + " |";
    }
}
