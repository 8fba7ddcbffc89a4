package countersign.web.account;

import countersign.account.Passwords;
import countersign.account.SignIn;
import countersign.account.Tokens;
import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.web.http.Exchange;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sign-in by password, and passwords, over HTTP. */
final class SessionEndpoints {
    private final SignIn signIn;
    private final Passwords passwords;
    private final ActivityLog activity;
    private final Predicate<String> isPerson;

    /** @param isPerson whether main's head has a person with this name */
    SessionEndpoints(SignIn signIn, Passwords passwords, ActivityLog activity, Predicate<String> isPerson) {
        this.signIn = signIn;
        this.passwords = passwords;
        this.activity = activity;
        this.isPerson = isPerson;
    }

    void open(Exchange exchange) {
        Fields body = exchange.body();
        SignIn.Attempt attempt = new SignIn.Attempt(body.text("person"), body.text("password"), exchange.network());
        body.end();
        sayWhenToRetry(exchange, attempt.person());
        Tokens.Issued issued = open(attempt);
        exchange.set("Cache-Control", "no-store");
        exchange.json(201, TokenEndpoints.TokenView.of(issued.token(), issued.secret()));
    }

    void change(Exchange exchange) {
        Fields body = exchange.body();
        String person = exchange.path("person");
        SignIn.Attempt present = new SignIn.Attempt(person, body.textOr("current", ""), exchange.network());
        String next = body.text("password");
        body.end();
        sayWhenToRetry(exchange, person);
        signIn.change(exchange.caller(), present, next);
        activity.note(ActivityKind.PASSWORD_SET, exchange.person(), exchange.network(), Map.of("of", person));
        exchange.empty();
    }

    void clear(Exchange exchange) {
        String person = exchange.path("person");
        signIn.clear(exchange.caller(), person);
        activity.note(ActivityKind.PASSWORD_CLEARED, exchange.person(), exchange.network(), Map.of("of", person));
        exchange.empty();
    }

    private Tokens.Issued open(SignIn.Attempt attempt) {
        try {
            Tokens.Issued issued = signIn.open(attempt);
            activity.note(
                    ActivityKind.SIGNED_IN,
                    attempt.person(),
                    attempt.network(),
                    Map.of("token", issued.token().id()));
            return issued;
        } catch (Refusal refusal) {
            // Whoever mistakes the fields types a password as a name: only names of people are noted.
            @Nullable String person = isPerson.test(attempt.person()) ? attempt.person() : null;
            activity.refused(ActivityKind.SIGN_IN_REFUSED, person, attempt.network(), Map.of("rule", refusal.rule()));
            throw refusal;
        }
    }

    private void sayWhenToRetry(Exchange exchange, String person) {
        Duration wait = passwords.mustWait(person, exchange.network());
        if (!wait.isZero()) {
            exchange.set("Retry-After", Long.toString(wait.toSeconds() + 1));
        }
    }
}
