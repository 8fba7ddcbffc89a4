package countersign.web.account;

import countersign.account.Action;
import countersign.account.Passwords;
import countersign.account.SignIn;
import countersign.account.TokenDesk;
import countersign.activity.ActivityLog;
import countersign.web.http.Route;
import java.util.List;
import java.util.function.Predicate;

/**
 * By what people let themselves in.
 *
 * @param isPerson whether main's head has a person with this name
 */
public record AccountRoutes(
        TokenDesk tokens, SignIn signIn, Passwords passwords, ActivityLog activity, Predicate<String> isPerson) {
    /**
     * The routes below a path.
     *
     * @param prefix that path, without a final slash
     */
    public List<Route> list(String prefix) {
        TokenEndpoints held = new TokenEndpoints(tokens, activity);
        SessionEndpoints sessions = new SessionEndpoints(signIn, passwords, activity, isPerson);
        return List.of(
                Route.get(prefix + "/tokens", Action.OWN_TOKENS, held::list),
                Route.post(prefix + "/tokens", Action.OWN_TOKENS, held::issue),
                Route.delete(prefix + "/tokens/{id}", Action.OWN_TOKENS, held::revoke),
                Route.post(prefix + "/sessions", Action.SIGN_IN, sessions::open),
                Route.put(prefix + "/people/{person}/password", Action.OWN_TOKENS, sessions::change),
                Route.delete(prefix + "/people/{person}/password", Action.ADMINISTER, sessions::clear));
    }
}
