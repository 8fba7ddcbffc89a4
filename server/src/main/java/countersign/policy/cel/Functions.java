package countersign.policy.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The functions that policies have beside CEL's own. */
final class Functions {
    private Functions() {}

    /** Declares {@code moment(text)} and {@code settings(object)}. */
    static CelBuilder addTo(CelBuilder builder, StructType setting) {
        return builder.addFunctionDeclarations(
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
