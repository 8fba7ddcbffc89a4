package countersign.web;

import countersign.account.Action;
import countersign.account.Authorisation;
import countersign.codec.Refusal;
import countersign.repository.push.GitTransport;
import countersign.repository.push.GitTransport.Service;
import countersign.repository.push.PushPolicy;
import countersign.web.http.Exchange;
import countersign.web.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Git's smart HTTP protocol at {@code /git/<any name>}, for every client. Thread-safe. */
public final class GitRoutes {
    private static final long MAX_FETCH = 64 << 20;

    private final GitTransport transport;
    private final Supplier<PushPolicy> policy;
    private final Authorisation authorisation;
    private final long maxPush;

    /**
     * @param policy judges each push
     * @param maxPush bytes of a push, unpacked from its transfer encoding
     */
    public GitRoutes(GitTransport transport, Supplier<PushPolicy> policy, Authorisation authorisation, long maxPush) {
        this.transport = transport;
        this.policy = policy;
        this.authorisation = authorisation;
        this.maxPush = maxPush;
    }

    public List<Route> list() {
        return List.of(
                Route.get("/git/{repository}/info/refs", Action.CLONE, this::advertise),
                Route.post("/git/{repository}/git-upload-pack", Action.CLONE, this::upload),
                Route.post("/git/{repository}/git-receive-pack", Action.PUSH, this::receive));
    }

    private void advertise(Exchange exchange) {
        Service service = exchange.query("service")
                .flatMap(Service::find)
                .orElseThrow(() -> new Refusal(
                        "malformed-git-request", "only Git's smart protocol is spoken here", "use git 1.6.6 or later"));
        if (service == Service.RECEIVE_PACK) {
            authorisation.require(exchange.caller(), Action.PUSH);
        }
        exchange.set("Cache-Control", "no-cache");
        transport.advertise(service, exchange.header("Git-Protocol"), exchange.output(service.advertisementType()));
    }

    private void upload(Exchange exchange) throws IOException {
        requireType(exchange, Service.UPLOAD_PACK);
        exchange.set("Cache-Control", "no-cache");
        transport.uploadPack(
                exchange.stream(MAX_FETCH),
                exchange.output(Service.UPLOAD_PACK.resultType()),
                exchange.header("Git-Protocol"));
    }

    private void receive(Exchange exchange) throws IOException {
        requireType(exchange, Service.RECEIVE_PACK);
        exchange.set("Cache-Control", "no-cache");
        transport.receivePack(
                exchange.stream(maxPush),
                exchange.output(Service.RECEIVE_PACK.resultType()),
                exchange.person(),
                policy.get());
    }

    /** A browser can't send this type to another site without asking first. */
    private static void requireType(Exchange exchange, Service service) {
        if (!exchange.header("Content-Type").equals(service.requestType())) {
            throw new Refusal("malformed-git-request", "the body must be of type " + service.requestType());
        }
    }
}
