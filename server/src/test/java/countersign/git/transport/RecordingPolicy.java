package countersign.git.transport;

import countersign.repository.Commit;
import countersign.repository.push.Push;
import countersign.repository.push.PushPolicy;
import java.util.List;

/** Accepts everything and remembers the last push. */
class RecordingPolicy implements PushPolicy {
    private volatile Seen last;

    /** What was to be seen of a push. */
    record Seen(
            String pusher, List<String> options, List<Push.Update> updates, List<String> commits, List<String> files) {}

    @Override
    public Verdict judge(Push push) {
        last = new Seen(
                push.pusher(),
                push.options(),
                push.updates(),
                push.newCommits().stream().map(Commit::id).toList(),
                push.newFiles().stream()
                        .map(file -> file.entry().rawMode() + " " + file.path() + " " + file.size())
                        .toList());
        return Verdict.accept();
    }

    @Override
    public void accepted(Push push) {
        push.say("change 7 is at http://example.org/7");
    }

    Seen last() {
        return last;
    }
}
