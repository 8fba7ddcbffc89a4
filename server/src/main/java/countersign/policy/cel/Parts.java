package countersign.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelUnparserFactory;
import java.util.ArrayList;
import java.util.List;

/** Takes an expression apart into what its author wrote, without what macros add. */
final class Parts {
    private static final String MADE_BY_MACRO = "@";
    private static final String LOOP_CONDITION = "@not_strictly_false";

    private final CelAbstractSyntaxTree tree;
    private final Expression expression;
    private final List<Part> parts = new ArrayList<>();

    private Parts(CelAbstractSyntaxTree tree, Expression expression) {
        this.tree = tree;
        this.expression = expression;
    }

    /** All calls, fields and macros of an expression, each before its own parts. */
    static List<Part> of(CelAbstractSyntaxTree tree, Expression expression) {
        Parts parts = new Parts(tree, expression);
        parts.walk(tree.getExpr());
        return parts.parts;
    }

    private void walk(CelExpr node) {
        if (node.getKind() == Kind.COMPREHENSION) {
            add(node);
            walk(node.comprehension());
            return;
        }
        if (node.getKind() == Kind.IDENT && !node.ident().name().startsWith(MADE_BY_MACRO)) {
            add(node);
        } else if (node.getKind() == Kind.SELECT || (node.getKind() == Kind.CALL && !isMadeByMacro(node))) {
            add(node);
        }
        children(node).forEach(this::walk);
    }

    private void walk(CelComprehension comprehension) {
        walk(comprehension.iterRange());
        walk(comprehension.accuInit());
        walk(comprehension.loopStep());
        walk(comprehension.result());
    }

    private static boolean isMadeByMacro(CelExpr node) {
        return node.call().function().equals(LOOP_CONDITION)
                || node.call().args().stream()
                        .anyMatch(argument -> argument.getKind() == Kind.IDENT
                                && argument.ident().name().startsWith(MADE_BY_MACRO));
    }

    private static List<CelExpr> children(CelExpr node) {
        List<CelExpr> children = new ArrayList<>();
        switch (node.getKind()) {
            case SELECT -> children.add(node.select().operand());
            case CALL -> {
                node.call().target().ifPresent(children::add);
                children.addAll(node.call().args());
            }
            case LIST -> children.addAll(node.list().elements());
            case MAP ->
                node.map().entries().forEach(entry -> {
                    children.add(entry.key());
                    children.add(entry.value());
                });
            case STRUCT -> node.struct().entries().forEach(entry -> children.add(entry.value()));
            case COMPREHENSION, CONSTANT, IDENT, NOT_SET -> {}
        }
        return children;
    }

    private void add(CelExpr node) {
        boolean condition = node.getKind() != Kind.IDENT
                && tree.getType(node.id()).filter(SimpleType.BOOL::equals).isPresent();
        int offset = tree.getSource().getPositionsMap().getOrDefault(node.id(), 0);
        String text =
                CelUnparserFactory.newUnparser().unparse(CelAbstractSyntaxTree.newParsedAst(node, tree.getSource()));
        parts.add(new Part(node.id(), text.replaceAll("\\s+", " "), expression.placeOf(offset), condition));
    }
}
