package countersign.apply;

import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How far one merged change has come, by its receipts. Not thread-safe; {@link Applications} guards it. */
public final class Progress {
    private static final Set<Receipt.Outcome> HARMLESS =
            EnumSet.of(Receipt.Outcome.APPLIED, Receipt.Outcome.UNCHANGED, Receipt.Outcome.SUPERSEDED);

    private final MergedChange change;
    private final List<Receipt> receipts = new ArrayList<>();

    /**
     * How far one unit has come.
     *
     * @param unit target and system
     * @param state where it stands
     * @param receipts everything that was done, oldest first
     */
    public record UnitProgress(Unit unit, ApplyState state, List<Receipt> receipts) {
        public UnitProgress {
            receipts = List.copyOf(receipts);
        }
    }

    Progress(MergedChange change) {
        this.change = change;
    }

    MergedChange change() {
        return change;
    }

    void add(Receipt receipt) {
        if (change.find(receipt.about().unit()).isPresent()) {
            receipts.add(receipt);
        }
    }

    /** Each unit in the order of the manifest. */
    List<UnitProgress> units() {
        Map<Unit, List<Receipt>> byUnit = new HashMap<>();
        receipts.forEach(receipt -> byUnit.computeIfAbsent(receipt.about().unit(), unit -> new ArrayList<>())
                .add(receipt));
        List<Unit> back = back();
        List<UnitProgress> units = new ArrayList<>();
        for (Manifest.UnitChange affected : change.units()) {
            List<Receipt> own = byUnit.getOrDefault(affected.unit(), List.of());
            units.add(new UnitProgress(affected.unit(), state(affected.unit(), own, back), own));
        }
        return units;
    }

    ApplyState state() {
        Set<ApplyState> states = units().stream().map(UnitProgress::state).collect(Collectors.toSet());
        if (states.contains(ApplyState.APPLYING)) {
            return ApplyState.APPLYING;
        }
        if (states.contains(ApplyState.PENDING)) {
            return receipts.isEmpty() ? ApplyState.PENDING : ApplyState.APPLYING;
        }
        return worst(states);
    }

    /** A unit failed, was brought back or is held: then none of the change is to stand. */
    boolean failed() {
        return receipts.stream().anyMatch(receipt -> !HARMLESS.contains(receipt.outcome()));
    }

    /** Units that stand because of this change and have to be brought back, last one first. */
    List<Unit> back() {
        List<Unit> back = new ArrayList<>();
        if (!failed()) {
            return back;
        }
        for (Receipt receipt : receipts) {
            Unit unit = receipt.about().unit();
            back.remove(unit);
            if (receipt.operation() == Receipt.Operation.APPLY && stands(receipt)) {
                back.add(0, unit);
            }
        }
        return back;
    }

    private boolean stands(Receipt receipt) {
        Manifest.UnitChange affected = change.find(receipt.about().unit()).orElseThrow();
        return receipt.outcome() == Receipt.Outcome.APPLIED
                || receipt.leavesUnhealthyRelease(affected.state().after());
    }

    private static ApplyState state(Unit unit, List<Receipt> own, List<Unit> back) {
        if (back.contains(unit)) {
            return ApplyState.APPLYING;
        }
        if (own.isEmpty()) {
            return ApplyState.PENDING;
        }
        return switch (own.get(own.size() - 1).outcome()) {
            case APPLIED, UNCHANGED -> ApplyState.APPLIED;
            case ROLLED_BACK -> ApplyState.ROLLED_BACK;
            case FAILED -> ApplyState.FAILED;
            case HELD -> ApplyState.HELD;
            case SUPERSEDED -> ApplyState.SUPERSEDED;
        };
    }

    private static ApplyState worst(Set<ApplyState> states) {
        for (ApplyState state : List.of(ApplyState.FAILED, ApplyState.ROLLED_BACK, ApplyState.HELD)) {
            if (states.contains(state)) {
                return state;
            }
        }
        boolean only = states.equals(Set.of(ApplyState.SUPERSEDED));
        return only ? ApplyState.SUPERSEDED : ApplyState.APPLIED;
    }
}
