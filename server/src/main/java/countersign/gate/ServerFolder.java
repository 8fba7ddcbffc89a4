package countersign.gate;

import countersign.gate.vote.Vote;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the server writes beside a ChangeRequest at its merge (PROTOCOL §1.4): exactly these files, mode 100644. */
public final class ServerFolder {
    private ServerFolder() {}

    /**
     * Bytes by path in the repository. The first counted vote of a person is {@code votes/<person>.json}; a further one,
     * for example an override beside an approval, is {@code votes/<person>.<index>.json}.
     *
     * @param votes in the order of the log, those that the gate does not count included
     */
    public static Map<String, byte[]> files(Manifest manifest, GateRecord gate, List<Vote> votes) {
        Map<String, byte[]> files = votes(manifest.change(), gate, votes);
        files.put(manifestPath(manifest.change()), manifest.bytes());
        files.put(gatePath(manifest.change()), gate.bytes());
        return files;
    }

    static String manifestPath(ChangeId change) {
        return change.folder() + "/manifest.json";
    }

    /** Where the gate's record stands. */
    public static String gatePath(ChangeId change) {
        return change.folder() + "/gate.json";
    }

    /** The votes among them. */
    static Map<String, byte[]> votes(ChangeId change, GateRecord gate, List<Vote> votes) {
        Map<String, byte[]> files = new TreeMap<>();
        Set<String> people = new HashSet<>();
        for (Vote vote : counted(votes, gate.requirements())) {
            String name = people.add(vote.person()) ? vote.person() : vote.person() + "." + vote.index();
            String path = change.folder() + "/votes/" + name + ".json";
            files.put(path, vote.bytes());
            files.put(path + ".sig", vote.armored().getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    private static List<Vote> counted(List<Vote> votes, List<Requirement> requirements) {
        Set<Long> indexes = Requirements.countedVotes(requirements);
        return votes.stream().filter(vote -> indexes.contains(vote.index())).toList();
    }
}
