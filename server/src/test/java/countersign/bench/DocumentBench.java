package countersign.bench;

import countersign.BenchServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading a document of main's head over kept-alive connections, with clients that do as little as can be. */
final class DocumentBench {
    private static final int FILES = 1_000;
    private static final int CONNECTIONS = 16;
    private static final int WARM_UPS = 3;
    private static final Row.Budget BUDGET = new Row.Budget(35_000, Double.POSITIVE_INFINITY, 10);
    private static final Pattern TAG = Pattern.compile("(?i)etag: (\\S+)");

    private DocumentBench() {}

    static List<Row> rows(double seconds) throws Exception {
        Path folder = BenchFolder.create("documents");
        try {
            ReviewedChangeBench.found(folder, FILES);
            try (BenchServer server = BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE)) {
                for (int i = 0; i < WARM_UPS; i++) {
                    measure(server, "", 200, seconds);
                }
                String condition = "If-None-Match: " + tag(server) + "\r\n";
                return List.of(
                        row("read a document at head", measure(server, "", 200, seconds)),
                        row("the same, not modified", measure(server, condition, 304, seconds)));
            }
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private static Row row(String what, Timings timings) {
        return Row.of(String.format(Locale.ROOT, "%s, %d connections", what, CONNECTIONS), timings, BUDGET);
    }

    private static String tag(BenchServer server) throws IOException {
        try (Readers one = Readers.connect(URI.create(server.url()), 1, request(server, ""), 200)) {
            Matcher tag = TAG.matcher(one.head());
            if (!tag.find()) {
                throw new IllegalStateException("no tag");
            }
            return tag.group(1);
        }
    }

    private static Timings measure(BenchServer server, String header, int status, double seconds) throws IOException {
        byte[] request = request(server, header);
        try (Readers readers = Readers.connect(URI.create(server.url()), CONNECTIONS, request, status)) {
            return readers.read(seconds);
        }
    }

    private static byte[] request(BenchServer server, String header) {
        return ("GET /api/v1/documents/" + ShopFolder.path(0) + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "
                        + server.token(ShopFolder.AUTHOR) + "\r\n" + header + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
