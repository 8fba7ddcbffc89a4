package countersign.git.object;

import countersign.codec.Refusal;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Repository.Signer;
import countersign.repository.object.CommitFormat;
import countersign.repository.object.ObjectStore;
import countersign.repository.object.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;

/** The commits among the objects: reads, walks and writes them. Thread-safe. */
public final class GitHistory {
    private static final int COMMITS_REMEMBERED = 2_000;

    private final GitObjects objects;
    private final Trees trees;
    private final Mainline mainline;
    private final Map<String, Commit> remembered = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Commit> eldest) {
            return size() > COMMITS_REMEMBERED;
        }
    });

    public GitHistory(GitObjects objects, Trees trees) {
        this.objects = objects;
        this.trees = trees;
        this.mainline = new Mainline(this::find, Mainline.MAX_COMMITS);
    }

    public Commit get(String commitId) {
        return find(commitId).orElseThrow(() -> noSuchCommit(commitId));
    }

    private Optional<Commit> find(String commitId) {
        Commit known = remembered.get(commitId);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Commit> found = objects.find(ObjectStore.Type.COMMIT, commitId, CommitFormat.MAX_BYTES)
                .map(bytes -> CommitFormat.parse(commitId, bytes));
        found.ifPresent(commit -> remembered.put(commitId, commit));
        return found;
    }

    public String write(CommitDraft draft) {
        requireLinks(draft);
        return put(CommitFormat.payload(draft));
    }

    public String write(CommitDraft draft, Signer signer) {
        requireLinks(draft);
        byte[] payload = CommitFormat.payload(draft);
        return put(CommitFormat.signed(payload, signer.apply(payload)));
    }

    public Optional<String> mergeBase(String left, String right) {
        Commit child = remembered.get(right);
        if (child != null && child.parents().contains(left)) {
            return Optional.of(left);
        }
        return mainline.findFork(left, right).map(Mainline.Fork::base).or(() -> walkToBase(left, right));
    }

    private Optional<String> walkToBase(String left, String right) {
        try (ObjectReader reader = objects.newReader();
                RevWalk walk = new RevWalk(reader)) {
            walk.setRetainBody(false);
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(parse(walk, left));
            walk.markStart(parse(walk, right));
            return Optional.ofNullable(walk.next()).map(RevCommit::name);
        } catch (IOException failed) {
            throw objects.unreadable(left + " or " + right, failed);
        }
    }

    /** The commits that a tip reaches and a base does not, children first. */
    public List<Commit> between(String base, String tip, int limit) {
        return mainline.findFork(base, tip)
                .map(Mainline.Fork::since)
                .filter(commits -> commits.size() <= limit)
                .orElseGet(() -> between(List.of(base), List.of(tip), limit));
    }

    /** The commits reachable from the tips and from none of the bases, children first. */
    public List<Commit> between(Iterable<String> bases, Iterable<String> tips, int limit) {
        try (ObjectReader reader = objects.newReader();
                RevWalk walk = new RevWalk(reader)) {
            walk.setRetainBody(false);
            walk.sort(RevSort.COMMIT_TIME_DESC, true);
            walk.sort(RevSort.TOPO, true);
            for (String tip : tips) {
                walk.markStart(parse(walk, tip));
            }
            for (String base : bases) {
                walk.markUninteresting(
                        walk.parseCommit(ObjectId.fromString(get(base).id())));
            }
            List<Commit> commits = new ArrayList<>();
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                if (commits.size() == limit) {
                    throw new Refusal("too-many-commits", "more than " + limit + " commits");
                }
                commits.add(get(commit.name()));
            }
            return List.copyOf(commits);
        } catch (IOException failed) {
            throw objects.unreadable(String.join(", ", tips), failed);
        }
    }

    public boolean isAncestor(String older, String newer) {
        try (ObjectReader reader = objects.newReader();
                RevWalk walk = new RevWalk(reader)) {
            return walk.isMergedInto(parse(walk, older), parse(walk, newer));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String put(byte[] bytes) {
        String id = objects.put(ObjectStore.Type.COMMIT, bytes);
        remembered.put(id, CommitFormat.parse(id, bytes));
        return id;
    }

    /** The commit of this id, or the one an annotated tag of this id stands for. */
    private static RevCommit parse(RevWalk walk, String id) throws IOException {
        if (!ObjectId.isId(id)) {
            throw noSuchCommit(id);
        }
        try {
            return walk.parseCommit(ObjectId.fromString(id));
        } catch (MissingObjectException | IncorrectObjectTypeException absent) {
            throw noSuchCommit(id);
        }
    }

    private static Refusal noSuchCommit(String id) {
        return new Refusal("no-such-commit", "the repository holds no commit " + id);
    }

    private void requireLinks(CommitDraft draft) {
        trees.snapshot(draft.treeId());
        draft.parents().forEach(this::get);
    }
}
