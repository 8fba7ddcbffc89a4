package countersign.policy.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import countersign.codec.Finding;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The dialect of CEL that policies are written in: its variables, types, functions and bounds. Turns expressions into
 * programs. Thread-safe: nothing changes after construction.
 */
public final class CelLanguage {
    /** What an expression must come to. */
    public enum Result {
        BOOL(SimpleType.BOOL),
        TEXT(SimpleType.STRING),
        ANY(SimpleType.DYN);

        private final CelType type;

        Result(CelType type) {
            this.type = type;
        }
    }

    private static final CelOptions OPTIONS = CelOptions.current()
            .comprehensionMaxIterations(50_000)
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(4_096)
            .maxParseRecursionDepth(64)
            .maxRegexProgramSize(2_000)
            .populateMacroCalls(true)
            .build();

    private static final CelType OPTIONAL_TEXT = NullableType.create(SimpleType.STRING);
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);

    private static final StructType CHANGE = struct(
            "Change",
            ImmutableMap.<String, CelType>builder()
                    .put("name", SimpleType.STRING)
                    .put("title", SimpleType.STRING)
                    .put("type", SimpleType.STRING)
                    .put("operation", SimpleType.STRING)
                    .put("maintenanceType", OPTIONAL_TEXT)
                    .put("requester", SimpleType.STRING)
                    .put("implementers", TEXTS)
                    .put("contributors", TEXTS)
                    .put("environments", TEXTS)
                    .put("targets", TEXTS)
                    .put("backout", OPTIONAL_TEXT)
                    .put("hasBackout", SimpleType.BOOL)
                    .put("labels", MapType.create(SimpleType.STRING, SimpleType.STRING))
                    .put("risk", SimpleType.STRING)
                    .put("likelihood", OPTIONAL_TEXT)
                    .put("impact", OPTIONAL_TEXT)
                    .put("priority", SimpleType.INT)
                    .put("template", OPTIONAL_TEXT)
                    .buildOrThrow());
    private static final StructType FILE = struct(
            "File",
            ImmutableMap.of(
                    "path",
                    SimpleType.STRING,
                    "kind",
                    OPTIONAL_TEXT,
                    "name",
                    OPTIONAL_TEXT,
                    "environment",
                    OPTIONAL_TEXT,
                    "operation",
                    SimpleType.STRING,
                    "trust",
                    SimpleType.BOOL));
    private static final StructType APPROVAL =
            struct("Approval", ImmutableMap.of("person", SimpleType.STRING, "role", SimpleType.STRING));
    private static final StructType KEY = struct(
            "Key",
            ImmutableMap.of("name", SimpleType.STRING, "fingerprint", OPTIONAL_TEXT, "environment", OPTIONAL_TEXT));
    private static final StructType SIBLING = struct(
            "Sibling",
            ImmutableMap.of(
                    "path", SimpleType.STRING,
                    "name", SimpleType.STRING,
                    "environment", OPTIONAL_TEXT,
                    "object", SimpleType.DYN));

    private static final StructType SETTING = struct(
            "Setting",
            ImmutableMap.of(
                    "file", SimpleType.STRING,
                    "path", SimpleType.STRING,
                    "name", SimpleType.STRING,
                    "value", SimpleType.STRING));

    private final Map<Subject, Map<Result, Cel>> environments = new EnumMap<>(Subject.class);

    public CelLanguage() {
        for (Subject subject : Subject.values()) {
            Map<Result, Cel> byResult = new EnumMap<>(Result.class);
            for (Result result : Result.values()) {
                byResult.put(result, builder(subject).setResultType(result.type).build());
            }
            environments.put(subject, byResult);
        }
    }

    /** Compiles an expression; tells what is wrong with it and gives nothing if it does not compile. */
    public Optional<CelProgram> compile(
            Expression expression, Subject subject, Result result, Consumer<Finding> findings) {
        Cel cel = environment(subject, result);
        CelValidationResult checked = cel.compile(expression.text());
        if (checked.hasError()) {
            checked.getErrors().forEach(issue -> findings.accept(finding(issue, checked, expression)));
            return Optional.empty();
        }
        try {
            CelAbstractSyntaxTree tree = checked.getAst();
            return Optional.of(new CelProgram(cel.createProgram(tree), tree, expression));
        } catch (CelValidationException | CelEvaluationException unusable) {
            findings.accept(Finding.error("cel-compile", String.valueOf(unusable.getMessage()), expression.place()));
            return Optional.empty();
        }
    }

    private Cel environment(Subject subject, Result result) {
        Map<Result, Cel> byResult = environments.get(subject);
        Cel cel = byResult == null ? null : byResult.get(result);
        if (cel == null) {
            throw new IllegalStateException("no environment for " + subject + " and " + result);
        }
        return cel;
    }

    private static Finding finding(CelIssue issue, CelValidationResult checked, Expression expression) {
        int offset =
                checked.getSource().getLocationOffset(issue.getSourceLocation()).orElse(0);
        return Finding.error("cel-compile", issue.getMessage(), expression.placeOf(offset));
    }

    private static CelBuilder builder(Subject subject) {
        CelBuilder builder = CelFactory.legacyCelBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(
                        CelExtensions.strings(),
                        CelExtensions.lists(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.comprehensions(),
                        CelExtensions.optional())
                .addRuntimeLibraries(
                        CelExtensions.strings(),
                        CelExtensions.lists(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.comprehensions(),
                        CelExtensions.optional())
                .setTypeProvider(new Types(ImmutableList.of(CHANGE, FILE, APPROVAL, KEY, SIBLING, SETTING)));
        declare(builder);
        Functions.addTo(builder, SETTING);
        return switch (subject) {
            case CHANGE -> builder;
            case DOCUMENT -> declareDocument(builder);
        };
    }

    private static void declare(CelBuilder builder) {
        builder.addVar("change", CHANGE)
                .addVar("files", ListType.create(FILE))
                .addVar("approvals", ListType.create(APPROVAL))
                .addVar("keys", ListType.create(KEY))
                .addVar("inventory", Functions.INVENTORY)
                .addVar("history", Functions.HISTORY)
                .addVar("params", MapType.create(SimpleType.STRING, SimpleType.DYN))
                .addVar("variables", MapType.create(SimpleType.STRING, SimpleType.DYN))
                .addVar("now", SimpleType.TIMESTAMP);
    }

    private static CelBuilder declareDocument(CelBuilder builder) {
        return builder.addVar("object", SimpleType.DYN)
                .addVar("oldObject", OptionalType.create(SimpleType.DYN))
                .addVar("operation", SimpleType.STRING)
                .addVar("path", SimpleType.STRING)
                .addVar("siblings", ListType.create(SIBLING));
    }

    private static StructType struct(String name, ImmutableMap<String, CelType> fields) {
        return StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
    }

    /** The types of the variables, by name. */
    private record Types(ImmutableList<StructType> structs) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(structs);
        }

        @Override
        public Optional<CelType> findType(String name) {
            return structs.stream()
                    .filter(type -> type.name().equals(name))
                    .map(CelType.class::cast)
                    .findFirst();
        }
    }
}
