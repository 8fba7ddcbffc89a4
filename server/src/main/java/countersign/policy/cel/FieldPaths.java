package countersign.policy.cel;

import countersign.codec.JsonPointer;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields that an expression reads, by the variable it starts from: {@code object.spec.tls} is {@code /spec/tls} of
 * {@code object}. Found in the text, not by running it.
 *
 * @param paths each chain of fields, as {@code variable/field/field}, in no particular order
 */
public record FieldPaths(Set<String> paths) {
    static FieldPaths of(CelAbstractSyntaxTree tree) {
        Set<String> chains = new LinkedHashSet<>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .forEach(node -> chain(node.expr()).ifPresent(chains::add));
        return new FieldPaths(chains);
    }

    /** JSON pointers under a variable, longest first, then by text; without those that another one goes on from. */
    public List<String> pointersUnder(String variable) {
        List<String> pointers = paths.stream()
                .filter(path -> path.startsWith(variable + "/"))
                .map(path -> path.substring(variable.length()))
                .toList();
        return pointers.stream()
                .filter(pointer -> pointers.stream().noneMatch(other -> other.startsWith(pointer + "/")))
                .sorted(Comparator.comparing(FieldPaths::depth).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** The first fields read of a variable. */
    public Set<String> membersOf(String variable) {
        return pointersUnder(variable).stream()
                .map(pointer -> JsonPointer.parts(pointer).get(0))
                .collect(Collectors.toSet());
    }

    private static long depth(String pointer) {
        return pointer.chars().filter(c -> c == '/').count();
    }

    private static Optional<String> chain(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> Optional.of(expression.ident().name());
            case SELECT ->
                chain(expression.select().operand())
                        .map(start ->
                                JsonPointer.child(start, expression.select().field()));
            case CALL -> indexed(expression.call());
            default -> Optional.empty();
        };
    }

    private static Optional<String> indexed(CelCall call) {
        boolean index = Set.of("_[_]", "_?._", "_[?_]").contains(call.function());
        if (!index || call.args().size() != 2 || call.args().get(1).getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return Optional.empty();
        }
        CelConstant key = call.args().get(1).constant();
        return switch (key.getKind()) {
            case STRING_VALUE -> chain(call.args().get(0)).map(start -> JsonPointer.child(start, key.stringValue()));
            case INT64_VALUE -> chain(call.args().get(0)).map(start -> start + "/" + key.int64Value());
            default -> Optional.empty();
        };
    }
}
