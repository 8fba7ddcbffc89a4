package countersign.web.api;

import countersign.codec.Sha256;
import countersign.manifest.SystemUnits;
import countersign.manifest.UnitContent;
import countersign.repository.Snapshot;
import countersign.web.http.Exchange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to stand at the targets, and what the last receipts say stands there. */
final class TargetEndpoints {
    private final Rooms rooms;

    TargetEndpoints(Rooms rooms) {
        this.rooms = rooms;
    }

    /**
     * One unit.
     *
     * @param desired digest of what main wants to stand
     * @param recorded digest of what the last receipt says stands; null for nothing, or if it is not known
     * @param current whether both are the same
     * @param held whether main holds the target, so that nothing is applied there
     */
    record UnitStateView(
            String target,
            String system,
            String desired,
            @Nullable String recorded,
            boolean current,
            boolean held) {}

    /** Every unit that main has, by the names of their systems. */
    record UnitStates(String main, List<UnitStateView> items) {}

    void list(Exchange exchange) {
        String main = rooms.changes().main();
        exchange.tagged(new UnitStates(main, states(rooms.repository().snapshot(main))));
    }

    private List<UnitStateView> states(Snapshot snapshot) {
        SystemUnits systems = rooms.systems();
        List<String> held = rooms.trusts().read(snapshot).settings().held().names();
        return systems.all(snapshot).stream()
                .flatMap(system -> systems.of(snapshot, system).stream())
                .map(unit -> view(
                        unit,
                        rooms.recorded().apply(unit.unit()),
                        held.contains(unit.unit().target())))
                .toList();
    }

    private static UnitStateView view(UnitContent content, Optional<Sha256> recorded, boolean held) {
        Sha256 desired = content.stateDigest();
        return new UnitStateView(
                content.unit().target(),
                content.unit().system(),
                desired.hex(),
                recorded.map(Sha256::hex).orElse(null),
                recorded.equals(Optional.of(desired)),
                held);
    }
}
