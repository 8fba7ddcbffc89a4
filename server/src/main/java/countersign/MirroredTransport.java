package countersign;

import countersign.merge.LogMirror;
import countersign.repository.push.GitTransport;
import countersign.repository.push.PushPolicy;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** Git transport whose fetches always carry the whole record log. Thread-safe. */
final class MirroredTransport implements GitTransport {
    private final GitTransport transport;
    private final LogMirror mirror;
    private final Supplier<Optional<String>> readOnlyReason;

    MirroredTransport(GitTransport transport, LogMirror mirror, Supplier<Optional<String>> readOnlyReason) {
        this.transport = transport;
        this.mirror = mirror;
        this.readOnlyReason = readOnlyReason;
    }

    @Override
    public void advertise(Service service, String gitProtocol, OutputStream out) {
        if (service == Service.UPLOAD_PACK && readOnlyReason.get().isEmpty()) {
            mirror.publish();
        }
        transport.advertise(service, gitProtocol, out);
    }

    @Override
    public void uploadPack(InputStream in, OutputStream out, String gitProtocol) {
        transport.uploadPack(in, out, gitProtocol);
    }

    @Override
    public void receivePack(InputStream in, OutputStream out, String pusher, PushPolicy policy) {
        transport.receivePack(in, out, pusher, policy);
    }
}
