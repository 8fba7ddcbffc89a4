package countersign.apply;

import countersign.apply.record.MergedChange;
import countersign.gate.GateRecord;
import countersign.gate.key.RevokedKeys;
import countersign.gate.key.Taint;
import countersign.repository.Repository;
import java.util.List;
import java.util.function.Supplier;

/** Judges taint by the gate that each merge froze. Thread-safe. */
public final class GateTaint implements MergeTaint {
    private final Repository repository;
    private final Supplier<RevokedKeys> revoked;

    /** @param revoked the keys that the log revokes so far */
    public GateTaint(Repository repository, Supplier<RevokedKeys> revoked) {
        this.repository = repository;
        this.revoked = revoked;
    }

    @Override
    public List<String> of(MergedChange change) {
        RevokedKeys present = revoked.get();
        if (!present.anyCompromised()) {
            return List.of();
        }
        byte[] gate =
                repository.snapshot(change.after()).read(change.change().folder() + "/gate.json", GateRecord.MAX_BYTES);
        return Taint.of(GateRecord.parse(gate), present);
    }

    @Override
    public boolean any() {
        return revoked.get().anyCompromised();
    }
}
