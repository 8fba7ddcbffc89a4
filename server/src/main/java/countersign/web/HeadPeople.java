package countersign.web;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.repository.Repository;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether main's head has a person. Thread-safe: what it remembers belongs to one commit and is replaced as a whole. */
public final class HeadPeople implements Predicate<String> {
    private final Repository repository;
    private final TrustReader trusts;
    private final Supplier<String> main;
    private volatile @Nullable Head current;

    /** @param main the commit that main points to */
    public HeadPeople(Repository repository, TrustReader trusts, Supplier<String> main) {
        this.repository = repository;
        this.trusts = trusts;
        this.main = main;
    }

    @Override
    public boolean test(String person) {
        String commit = main.get();
        Head known = current;
        if (known == null || !known.commit.equals(commit)) {
            known = new Head(commit, trusts.read(repository.snapshot(commit)));
            current = known;
        }
        return known.trust.findPerson(person).isPresent();
    }

    private record Head(String commit, Trust trust) {}
}
