package countersign.bench;

import java.util.Arrays;
import java.util.List;

/** One part of the table, in this process. Arguments: its name, {@code --quick} or nothing, the seconds of a row or nothing. */
public final class BenchPart {
    private BenchPart() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments).subList(1, arguments.length);
        Parts parts = options.contains("--quick") ? Parts.quick() : Parts.whole();
        String last = arguments[arguments.length - 1];
        if (!options.isEmpty() && !last.equals("--quick")) {
            parts = parts.withSeconds(Double.parseDouble(last));
        }
        parts.get(arguments[0]).work().run(row -> {
            System.out.println(row);
            System.out.flush();
        });
        System.exit(0);
    }
}
