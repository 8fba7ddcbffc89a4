package countersign.bench;

import countersign.BenchServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading a document of main's head over kept-alive connections, with clients that do as little as can be. */
final class DocumentBench {
    private static final int FILES = 1_000;
    private static final int CONNECTIONS = 16;
    private static final Row.Budget BUDGET = new Row.Budget(35_000, Double.POSITIVE_INFINITY, 10);
    private static final Pattern TAG = Pattern.compile("(?i)etag: (\\S+)");

    private DocumentBench() {}

    static List<Row> rows(double seconds) throws Exception {
        Path folder = BenchFolder.create("documents");
        try {
            ReviewedChangeBench.found(folder, FILES);
            try (BenchServer server = BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE)) {
                String tag = tag(server);
                measure(server, "", seconds);
                return List.of(
                        row("read a document at head", measure(server, "", seconds)),
                        row("the same, not modified", measure(server, "If-None-Match: " + tag + "\r\n", seconds)));
            }
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private static Row row(String what, Timings timings) {
        return Row.of(String.format(Locale.ROOT, "%s, %d connections", what, CONNECTIONS), timings, BUDGET);
    }

    private static String tag(BenchServer server) throws IOException {
        try (Reader reader = new Reader(server, "")) {
            Matcher tag = TAG.matcher(reader.read());
            if (!tag.find()) {
                throw new IllegalStateException("no tag");
            }
            return tag.group(1);
        }
    }

    private static Timings measure(BenchServer server, String header, double seconds) throws Exception {
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                readers.add(new Reader(server, header));
            }
            return Timings.of(
                    CONNECTIONS, seconds, (client, call) -> readers.get(client).read());
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
        }
    }

    /** A kept-alive connection on which the same request is sent over and over. */
    private static final class Reader implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] request;
        private final byte[] buffer = new byte[64 << 10];

        Reader(BenchServer server, String header) throws IOException {
            URI url = URI.create(server.url());
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = socket.getOutputStream();
            request = ("GET /api/v1/documents/" + ShopFolder.path(0)
                            + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + server.token(ShopFolder.AUTHOR)
                            + "\r\n" + header + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** One answer; gives its head. */
        String read() throws IOException {
            out.write(request);
            int length = 0;
            int end = -1;
            while (end < 0) {
                length += more(length);
                end = end(length);
            }
            String head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
            int body = contentLength(head);
            while (length < end + body) {
                length += more(length);
            }
            return head;
        }

        private int more(int length) throws IOException {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("the server hung up");
            }
            return read;
        }

        private int end(int length) {
            for (int i = 3; i < length; i++) {
                if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private static int contentLength(String head) {
            if (head.startsWith("HTTP/1.1 304")) {
                return 0;
            }
            int at = head.indexOf("Content-Length: ");
            if (at < 0 || !head.startsWith("HTTP/1.1 200")) {
                throw new IllegalStateException(head);
            }
            return Integer.parseInt(head, at + 16, head.indexOf('\r', at), 10);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
