package countersign.policy;

import countersign.codec.Finding;
import countersign.policy.Policy.Rule;
import countersign.policy.cel.CelLanguage;
import countersign.policy.cel.CelLanguage.Result;
import countersign.policy.cel.CelProgram;
import countersign.policy.cel.Expression;
import countersign.policy.input.Facts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A policy's programs, and all that is wrong with its text. If anything is wrong, there is no program to run. Immutable.
 *
 * @param conditions programs of the conditions, by name
 * @param variables programs of the variables, by name, in order
 * @param rules the rules with their programs
 * @param constants the parameters that the policy itself gives, by name
 * @param sources the parameters that the tree gives
 * @param findings what does not compile; empty if the policy can be evaluated
 */
record CompiledPolicy(
        Map<String, CelProgram> conditions,
        Map<String, CelProgram> variables,
        List<CompiledRule> rules,
        Map<String, Object> constants,
        List<Parameter> sources,
        List<Finding> findings) {
    /** A rule with its programs. */
    record CompiledRule(
            Rule rule, CelProgram holds, @Nullable CelProgram message) {}

    /** What rules see as {@code params}; refuses what the tree gives wrongly or not at all. */
    Object params(Facts facts) {
        if (sources.isEmpty()) {
            return constants;
        }
        Map<String, Object> values = new LinkedHashMap<>(constants);
        sources.forEach(parameter -> values.put(parameter.name(), parameter.value(facts)));
        return values;
    }

    /** All programs by what they are in the policy, in its order. */
    Map<String, CelProgram> programs() {
        Map<String, CelProgram> programs = new LinkedHashMap<>();
        conditions.forEach((name, program) -> programs.put("condition " + name, program));
        variables.forEach((name, program) -> programs.put("variable " + name, program));
        for (CompiledRule rule : rules) {
            programs.put("rule " + rule.rule().id(), rule.holds());
            if (rule.message() != null) {
                programs.put("message of rule " + rule.rule().id(), rule.message());
            }
        }
        return programs;
    }

    static CompiledPolicy of(Policy policy, CelLanguage language) {
        return new Compiler(policy, language, new ArrayList<>()).compile();
    }

    private record Compiler(Policy policy, CelLanguage language, List<Finding> findings) {
        CompiledPolicy compile() {
            Map<String, CelProgram> conditions = new LinkedHashMap<>();
            policy.conditions()
                    .forEach((name, text) -> compile(text, Result.BOOL, Set.of(), it -> conditions.put(name, it)));
            Map<String, CelProgram> variables = new LinkedHashMap<>();
            Set<String> known = new LinkedHashSet<>();
            policy.variables().forEach((name, text) -> {
                compile(text, Result.ANY, known, it -> variables.put(name, it));
                known.add(name);
            });
            List<CompiledRule> rules = new ArrayList<>();
            policy.rules().forEach(rule -> compile(rule, known, rules::add));
            return new CompiledPolicy(conditions, variables, rules, constants(), sources(), List.copyOf(findings));
        }

        private Map<String, Object> constants() {
            Map<String, Object> constants = new LinkedHashMap<>();
            policy.params().forEach((name, parameter) -> {
                Object standard = parameter.standard();
                if (parameter.source() == null && standard != null) {
                    constants.put(name, standard);
                }
            });
            return constants;
        }

        private List<Parameter> sources() {
            return policy.params().values().stream()
                    .filter(parameter -> parameter.source() != null)
                    .toList();
        }

        private void compile(Rule rule, Set<String> known, Consumer<CompiledRule> use) {
            compile(rule.expression(), Result.BOOL, known, holds -> {
                if (rule.messageExpression() == null) {
                    use.accept(new CompiledRule(rule, holds, null));
                } else {
                    compile(
                            rule.messageExpression(),
                            Result.TEXT,
                            known,
                            message -> use.accept(new CompiledRule(rule, holds, message)));
                }
            });
        }

        private void compile(Expression text, Result result, Set<String> known, Consumer<CelProgram> use) {
            language.compile(text, policy.subject(), result, findings::add).ifPresent(program -> {
                requireDeclared(text, program, "variables", known);
                requireDeclared(text, program, "params", policy.params().keySet());
                use.accept(program);
            });
        }

        private void requireDeclared(Expression text, CelProgram program, String variable, Set<String> known) {
            for (String member : program.paths().membersOf(variable)) {
                if (!known.contains(member)) {
                    String name = variable + "." + member;
                    findings.add(Finding.error(
                                    "undeclared-name",
                                    name + " is not declared here; declared: " + known,
                                    text.placeOf(Math.max(0, text.text().indexOf(name))))
                            .withWayOut("a variable sees the variables above it, a condition sees none"));
                }
            }
        }
    }
}
