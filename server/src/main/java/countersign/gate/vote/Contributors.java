package countersign.gate.vote;

import countersign.access.Person;
import countersign.access.Trust;
import countersign.codec.Finding;
import countersign.repository.Commit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The people behind commits: authors and committers by their e-mail addresses (PROTOCOL §3.2). */
public final class Contributors {
    private Contributors() {}

    /** Names of the people whose addresses the commits carry, sorted. */
    public static List<String> of(Collection<Commit> commits, Trust trust) {
        TreeSet<String> names = new TreeSet<>();
        for (Commit commit : commits) {
            trust.findPersonByEmail(commit.author().email()).map(Person::name).ifPresent(names::add);
            trust.findPersonByEmail(commit.committer().email())
                    .map(Person::name)
                    .ifPresent(names::add);
        }
        return List.copyOf(names);
    }

    /** A finding for each commit whose author or committer is nobody in access/people. */
    public static List<Finding> unknown(Collection<Commit> commits, Trust trust) {
        List<Finding> findings = new ArrayList<>();
        for (Commit commit : commits) {
            for (Commit.Identity identity : List.of(commit.author(), commit.committer())) {
                Optional<Person> person = trust.findPersonByEmail(identity.email());
                if (person.isEmpty()) {
                    findings.add(Finding.error(
                                    "unknown-author",
                                    "commit " + commit.id().substring(0, 10) + " carries the address "
                                            + identity.email() + ", which belongs to nobody in access/people")
                            .withWayOut("set user.email to an address of your Person document"));
                }
            }
        }
        return findings.stream().distinct().toList();
    }
}
