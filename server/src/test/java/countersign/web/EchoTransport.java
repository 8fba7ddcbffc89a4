package countersign.web;

import countersign.repository.push.GitTransport;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Answers every Git request with what it was asked, so that a test sees what came through. */
final class EchoTransport implements GitTransport {
    @Override
    public void advertise(Service service, String gitProtocol, OutputStream out) {
        write(out, "advertise " + service.word() + " " + gitProtocol);
    }

    @Override
    public void uploadPack(InputStream in, OutputStream out, String gitProtocol) {
        write(out, "upload " + read(in) + " " + gitProtocol);
    }

    @Override
    public void receivePack(InputStream in, OutputStream out, String pusher, PushPolicy policy) {
        write(out, "receive " + read(in) + " from " + pusher);
    }

    private static String read(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
