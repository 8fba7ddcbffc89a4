package countersign.web.api;

import countersign.account.Passwords;
import countersign.account.SignIn;
import countersign.account.Tokens;
import countersign.codec.Fields;
import countersign.web.http.Exchange;
import java.time.Duration;

/** Sign-in by password, and passwords, over HTTP. */
final class SessionEndpoints {
    private final SignIn signIn;
    private final Passwords passwords;

    SessionEndpoints(SignIn signIn, Passwords passwords) {
        this.signIn = signIn;
        this.passwords = passwords;
    }

    void open(Exchange exchange) {
        Fields body = exchange.body();
        SignIn.Attempt attempt = new SignIn.Attempt(body.text("person"), body.text("password"), exchange.network());
        body.end();
        sayWhenToRetry(exchange, attempt.person());
        Tokens.Issued issued = signIn.open(attempt);
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
        exchange.empty();
    }

    void clear(Exchange exchange) {
        signIn.clear(exchange.caller(), exchange.path("person"));
        exchange.empty();
    }

    private void sayWhenToRetry(Exchange exchange, String person) {
        Duration wait = passwords.mustWait(person, exchange.network());
        if (!wait.isZero()) {
            exchange.set("Retry-After", Long.toString(wait.toSeconds() + 1));
        }
    }
}
