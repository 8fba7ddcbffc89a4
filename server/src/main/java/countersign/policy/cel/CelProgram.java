package countersign.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationListener;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled expression and the fields of the object that it reads. Thread-safe: a run keeps its own count. */
public final class CelProgram {
    private static final int MAX_STEPS = 500_000;
    private static final int MAX_TEXT = 65_536;

    private final CelRuntime.Program program;
    private final CelAbstractSyntaxTree tree;
    private final Expression expression;
    private final FieldPaths paths;

    CelProgram(CelRuntime.Program program, CelAbstractSyntaxTree tree, Expression expression) {
        this.program = program;
        this.tree = tree;
        this.expression = expression;
        this.paths = FieldPaths.of(tree);
    }

    /** The fields that the expression reads. */
    public FieldPaths paths() {
        return paths;
    }

    /** The text and its place. */
    public Expression expression() {
        return expression;
    }

    /** What the expression is made of, the outermost first. Worked out at each call. */
    public List<Part> parts() {
        return Parts.of(tree, expression);
    }

    /** Whether the expression holds. Everything that is not plainly true or false is a failure. */
    public boolean isTrue(CelVariableResolver variables, Run run) throws EvaluationFailure {
        Object result = value(variables, run);
        if (result instanceof Boolean truth) {
            return truth;
        }
        throw new EvaluationFailure("it came to neither true nor false");
    }

    /** What the expression comes to, within the bounds on steps and on the size of computed text. */
    public Object value(CelVariableResolver variables, Run run) throws EvaluationFailure {
        Listener listener = new Listener(run);
        run.observation().ifPresent(observation -> observation.begin(this));
        Object result = null;
        try {
            result = program.trace(variables, listener);
        } catch (CelEvaluationException failed) {
            throw new EvaluationFailure(String.valueOf(failed.getMessage()));
        } catch (BudgetExceeded exceeded) {
            throw new EvaluationFailure(String.valueOf(exceeded.getMessage()));
        } finally {
            boolean good = Boolean.TRUE.equals(result);
            run.observation().ifPresent(observation -> observation.end(this, good));
        }
        run.spend(listener.steps);
        if (result == null) {
            throw new EvaluationFailure("it came to nothing");
        }
        return result;
    }

    /** An expression could not be evaluated; the message says why. */
    public static final class EvaluationFailure extends Exception {
        public EvaluationFailure(String message) {
            super(message, null, false, false);
        }
    }

    /** Leaves the interpreter, which absorbs exceptions in {@code ||} and {@code &&} but not errors. */
    static final class BudgetExceeded extends Error {
        BudgetExceeded(String message) {
            super(message, null, false, false);
        }
    }

    /** Counts steps, so that the bound does not depend on the machine. */
    private final class Listener implements CelEvaluationListener {
        private final @Nullable Observation observation;
        private int steps;

        Listener(Run run) {
            observation = run.observation().orElse(null);
        }

        @Override
        public void callback(CelExpr part, @Nullable Object result) {
            if (++steps > MAX_STEPS) {
                throw new BudgetExceeded("it takes more than " + MAX_STEPS + " steps");
            }
            if (part.getKind() == Kind.CALL && sizeOf(result) > MAX_TEXT) {
                throw new BudgetExceeded("it computes a value of more than " + MAX_TEXT + " characters or elements");
            }
            if (observation != null) {
                observation.saw(CelProgram.this, part.id(), result);
            }
        }

        private static int sizeOf(@Nullable Object result) {
            if (result instanceof String text) {
                return text.length();
            }
            return result instanceof Collection<?> elements ? elements.size() : 0;
        }
    }
}
