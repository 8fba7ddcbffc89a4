package countersign.web.account;

import countersign.account.Caller;
import countersign.account.Scope;
import countersign.account.Token;
import countersign.account.TokenDesk;
import countersign.account.Tokens;
import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.codec.Fields;
import countersign.web.http.Exchange;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tokens over HTTP. */
final class TokenEndpoints {
    private final TokenDesk desk;
    private final ActivityLog activity;

    TokenEndpoints(TokenDesk desk, ActivityLog activity) {
        this.desk = desk;
        this.activity = activity;
    }

    /**
     * A token in answers.
     *
     * @param secret only in the answer that issues it
     */
    record TokenView(
            String id,
            String person,
            String name,
            List<String> scopes,
            String createdAt,
            String expires,
            @Nullable String secret) {
        static TokenView of(Token token, @Nullable String secret) {
            return new TokenView(
                    token.id(),
                    token.person(),
                    token.name(),
                    token.scopes().stream().map(Scope::label).toList(),
                    token.createdAt().toString(),
                    token.expires().toString(),
                    secret);
        }
    }

    /** All of a list. */
    record TokenList(List<TokenView> items) {}

    void list(Exchange exchange) {
        List<Token> tokens = tokens(exchange.caller(), exchange.query("person").orElse(exchange.person()));
        exchange.set("Cache-Control", "no-store");
        exchange.json(
                200,
                new TokenList(
                        tokens.stream().map(token -> TokenView.of(token, null)).toList()));
    }

    void issue(Exchange exchange) {
        Tokens.Issued issued = desk.issue(exchange.caller(), wish(exchange.person(), exchange.body()));
        note(exchange, ActivityKind.TOKEN_ISSUED, issued.token().particulars());
        exchange.set("Cache-Control", "no-store");
        exchange.json(201, TokenView.of(issued.token(), issued.secret()));
    }

    void revoke(Exchange exchange) {
        desk.revoke(exchange.caller(), exchange.path("id"));
        note(exchange, ActivityKind.TOKEN_REVOKED, Map.of("token", exchange.path("id")));
        exchange.empty();
    }

    private void note(Exchange exchange, ActivityKind kind, Map<String, String> detail) {
        activity.note(kind, exchange.person(), exchange.network(), detail);
    }

    private List<Token> tokens(Caller caller, String person) {
        return person.equals("*") ? desk.listAll(caller) : desk.list(caller, person);
    }

    private static Tokens.Wish wish(String caller, Fields body) {
        Tokens.Wish wish = new Tokens.Wish(
                body.textOr("person", caller),
                body.text("name"),
                body.textList("scopes").stream().map(Scope::get).collect(Collectors.toUnmodifiableSet()),
                body.duration("lifetime"));
        body.end();
        return wish;
    }
}
