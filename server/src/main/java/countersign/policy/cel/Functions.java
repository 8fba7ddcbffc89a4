package countersign.policy.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The functions that policies have beside CEL's own. */
final class Functions {
    /** The type of {@code inventory}. */
    static final CelType INVENTORY = OpaqueType.create("Inventory");

    /** The type of {@code history}. */
    static final CelType HISTORY = OpaqueType.create("History");

    /** Labels of the kinds that rules may ask for, by the function that gives them. */
    private static final Map<String, String> KINDS = Map.of(
            "key", "KeyInventory",
            "system", "SystemConfig",
            "target", "Target",
            "upgrade", "UpgradePackage",
            "person", "Person",
            "service", "ServiceLevelAgreement");

    private Functions() {}

    /**
     * Declares {@code moment(text)}, {@code settings(object)}, {@code inventory.key(name)} and the like for other kinds, and
     * {@code history.failures(system, duration)}.
     */
    static CelBuilder addTo(CelBuilder builder, StructType setting) {
        for (Map.Entry<String, String> kind : KINDS.entrySet()) {
            addLookup(builder, kind.getKey(), kind.getValue());
        }
        return builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        "failures",
                        CelOverloadDecl.newMemberOverload(
                                "history_failures", SimpleType.INT, HISTORY, SimpleType.STRING, SimpleType.DURATION)))
                .addFunctionBindings(CelFunctionBinding.from(
                        "history_failures", List.of(Past.class, String.class, Duration.class), Functions::failures))
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                "moment",
                                CelOverloadDecl.newGlobalOverload(
                                        "moment_string", SimpleType.TIMESTAMP, SimpleType.STRING)),
                        CelFunctionDecl.newFunctionDeclaration(
                                "settings",
                                CelOverloadDecl.newGlobalOverload(
                                        "settings_dyn", ListType.create(setting), SimpleType.DYN)))
                .addFunctionBindings(
                        CelFunctionBinding.from("moment_string", String.class, Functions::moment),
                        CelFunctionBinding.from("settings_dyn", Object.class, Settings::of));
    }

    private static void addLookup(CelBuilder builder, String function, String kind) {
        String overload = "inventory_" + function;
        builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        function,
                        CelOverloadDecl.newMemberOverload(
                                overload, OptionalType.create(SimpleType.DYN), INVENTORY, SimpleType.STRING)))
                .addFunctionBindings(CelFunctionBinding.from(
                        overload, Inventory.class, String.class, (inventory, name) -> inventory.find(kind, name)));
    }

    private static Object failures(Object[] arguments) {
        return ((Past) arguments[0]).failures((String) arguments[1], (Duration) arguments[2]);
    }

    /** The beginning of a day in UTC, or a moment that is written in full. */
    private static Instant moment(String text) throws CelEvaluationException {
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException malformed) {
            throw new CelEvaluationException("'" + text + "' is neither a day nor a moment in UTC", malformed);
        }
    }
}
