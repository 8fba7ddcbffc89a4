package countersign.policy.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationListener;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A compiled expression and the fields of the object that it reads. Thread-safe: a run keeps its own count. */
public final class CelProgram {
    private static final int MAX_STEPS = 500_000;
    private static final int MAX_TEXT = 65_536;

    private final CelRuntime.Program program;
    private final FieldPaths paths;

    CelProgram(CelRuntime.Program program, FieldPaths paths) {
        this.program = program;
        this.paths = paths;
    }

    /** The fields that the expression reads. */
    public FieldPaths paths() {
        return paths;
    }

    /** Whether the expression holds. Everything that is not plainly true or false is a failure. */
    public boolean isTrue(CelVariableResolver variables) throws EvaluationFailure {
        Object result = value(variables);
        if (result instanceof Boolean truth) {
            return truth;
        }
        throw new EvaluationFailure("it came to neither true nor false");
    }

    /** What the expression comes to, within the bounds on steps and on the size of computed text. */
    public Object value(CelVariableResolver variables) throws EvaluationFailure {
        try {
            Object result = program.trace(variables, new Budget());
            if (result == null) {
                throw new EvaluationFailure("it came to nothing");
            }
            return result;
        } catch (CelEvaluationException failed) {
            throw new EvaluationFailure(String.valueOf(failed.getMessage()));
        } catch (BudgetExceeded exceeded) {
            throw new EvaluationFailure(String.valueOf(exceeded.getMessage()));
        }
    }

    /** An expression could not be evaluated; the message says why. */
    public static final class EvaluationFailure extends Exception {
        public EvaluationFailure(String message) {
            super(message, null, false, false);
        }
    }

    /** Leaves the interpreter, which absorbs exceptions in {@code ||} and {@code &&} but not errors. */
    private static final class BudgetExceeded extends Error {
        BudgetExceeded(String message) {
            super(message, null, false, false);
        }
    }

    /** Counts steps, so that the bound does not depend on the machine. */
    private static final class Budget implements CelEvaluationListener {
        private int steps;

        @Override
        public void callback(CelExpr expression, @Nullable Object result) {
            if (++steps > MAX_STEPS) {
                throw new BudgetExceeded("it takes more than " + MAX_STEPS + " steps");
            }
            if (expression.getKind() == Kind.CALL && sizeOf(result) > MAX_TEXT) {
                throw new BudgetExceeded("it computes a value of more than " + MAX_TEXT + " characters or elements");
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
