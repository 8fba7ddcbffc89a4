package countersign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of rooms as ARCHITECTURE.md shows it: which room may use which, and who is the only door to what. */
final class RoomTable {
    private static final String ROOT = "(root)";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private final Map<String, Set<String>> uses = new LinkedHashMap<>();
    private final Map<String, String> doors = new LinkedHashMap<>();

    private RoomTable() {}

    static RoomTable parse(String page) {
        RoomTable table = new RoomTable();
        List<String> lines = page.lines().toList();
        int heading = lines.indexOf("| room | purpose | may use | only door to |");
        if (heading < 0) {
            throw new IllegalStateException("ARCHITECTURE.md has no table of rooms");
        }
        lines.stream()
                .skip(heading + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .forEach(table::addRow);
        return table;
    }

    private void addRow(String line) {
        String[] cells = line.split("\\|", -1);
        String room = cells[1].contains(ROOT) ? ROOT : words(cells[1]).get(0);
        boolean all = cells[3].strip().equals("all above");
        uses.put(room, all ? Set.copyOf(uses.keySet()) : Set.copyOf(words(cells[3])));
        words(cells[4]).forEach(library -> doors.put(library, room));
    }

    private static List<String> words(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    Set<String> names() {
        return uses.keySet().stream().filter(room -> !room.equals(ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    List<String> rowsThatNameWhatIsNotAbove() {
        List<String> wrong = new ArrayList<>();
        List<String> above = new ArrayList<>();
        uses.forEach((room, used) -> {
            used.stream().filter(name -> !above.contains(name)).forEach(name -> wrong.add(room + " names " + name));
            above.add(room);
        });
        return wrong;
    }

    boolean mayUse(String fromClass, String toClass) {
        String from = roomOf(fromClass);
        String to = roomOf(toClass);
        return from.equals(to) || uses.getOrDefault(from, Set.of()).contains(to);
    }

    boolean mayOpen(String fromClass, String toClass) {
        return isRoot(fromClass)
                || doors.entrySet().stream()
                        .filter(door -> isWithin(toClass, door.getKey()))
                        .allMatch(door -> door.getValue().equals(roomOf(fromClass)));
    }

    static boolean isOurs(String className) {
        return className.startsWith("countersign.");
    }

    static boolean isRoot(String className) {
        return roomOf(className).equals(ROOT);
    }

    private static boolean isWithin(String className, String library) {
        return className.equals(library) || className.startsWith(library + ".") || className.startsWith(library + "$");
    }

    private static String roomOf(String className) {
        String[] parts = className.split("\\.", -1);
        return parts.length > 2 ? parts[1] : ROOT;
    }
}
