package countersign.gate;

import countersign.gate.vote.Vote;
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
        Map<String, byte[]> files = new TreeMap<>();
        String folder = manifest.change().folder();
        files.put(folder + "/manifest.json", manifest.bytes());
        files.put(folder + "/gate.json", gate.bytes());
        Set<String> people = new HashSet<>();
        for (Vote vote : counted(votes, gate.requirements())) {
            String name = people.add(vote.person()) ? vote.person() : vote.person() + "." + vote.index();
            String path = folder + "/votes/" + name + ".json";
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
