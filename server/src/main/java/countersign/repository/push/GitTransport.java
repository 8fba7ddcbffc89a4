package countersign.repository.push;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * The two services of Git's smart HTTP protocol over plain streams; whoever calls has authenticated the caller, has
 * unpacked a gzip body and sets the headers ({@code Content-Type}, {@code Cache-Control: no-cache}). Streams are not
 * closed. Thread-safe. Only {@code refs/heads/*} and {@code refs/tags/*} are ever shown.
 *
 * <p>Errors the client can read are part of the protocol and are no exceptions; a connection that breaks off is an
 * UncheckedIOException; a request that is not Git's protocol is a Refusal {@code malformed-git-request}.
 */
public interface GitTransport {
    /** What a client asks for, by the name that stands in the URL. */
    enum Service {
        UPLOAD_PACK("git-upload-pack"),
        RECEIVE_PACK("git-receive-pack");

        private final String word;

        Service(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        /** Content type of the answer to {@code GET info/refs?service=…}. */
        public String advertisementType() {
            return "application/x-" + word + "-advertisement";
        }

        /** Content type of the body of {@code POST …/git-upload-pack}. */
        public String requestType() {
            return "application/x-" + word + "-request";
        }

        /** Content type of the answer to {@code POST …/git-upload-pack}. */
        public String resultType() {
            return "application/x-" + word + "-result";
        }

        public static Optional<Service> find(String word) {
            return Arrays.stream(values())
                    .filter(service -> service.word.equals(word))
                    .findFirst();
        }
    }

    /**
     * Answers {@code GET info/refs?service=…}.
     *
     * @param gitProtocol the request's {@code Git-Protocol} header, {@code ""} if it has none
     */
    void advertise(Service service, String gitProtocol, OutputStream out);

    /**
     * Answers {@code POST git-upload-pack}: a fetch or a clone, protocol versions 0 and 2, shallow and partial too.
     *
     * @param gitProtocol the request's {@code Git-Protocol} header, {@code ""} if it has none
     */
    void uploadPack(InputStream in, OutputStream out, String gitProtocol);

    /**
     * Answers {@code POST git-receive-pack}: a push, received aside, judged, and only then taken in (PROTOCOL §10).
     *
     * @param pusher name of the authenticated person
     */
    void receivePack(InputStream in, OutputStream out, String pusher, PushPolicy policy);
}
