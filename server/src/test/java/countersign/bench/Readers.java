package countersign.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Kept-alive connections, all on one thread, on each of which the same request is sent as soon as the answer to the one
 * before has come. They take from the server on the same cores about as little as {@code wrk} does. For one thread.
 */
final class Readers implements AutoCloseable {
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "\r\nContent-Length: ".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST = 1 << 16;

    private final Selector selector;
    private final List<Reader> readers = new ArrayList<>();
    private final ByteBuffer request;
    private final byte[] status;
    private long[] nanos = new long[FIRST];
    private int answers;

    private Readers(Selector selector, byte[] request, int status) {
        this.selector = selector;
        this.request = ByteBuffer.allocateDirect(request.length).put(request);
        this.status = ("HTTP/1.1 " + status).getBytes(StandardCharsets.US_ASCII);
    }

    /** @param status that every answer must have */
    static Readers connect(URI server, int connections, byte[] request, int status) throws IOException {
        Readers all = new Readers(Selector.open(), request, status);
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Reader reader = new Reader(channel);
            channel.register(all.selector, SelectionKey.OP_READ, reader);
            all.readers.add(reader);
        }
        return all;
    }

    /** A connection: when its request was sent, and what of the answer has come. */
    private static final class Reader {
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocate(64 << 10);
        private long sent;

        Reader(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Reads for some seconds; answers that came by then are counted. */
    Timings read(double seconds) throws IOException {
        answers = 0;
        double used = Timings.processorSeconds();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (Reader reader : readers) {
            send(reader);
        }
        while (System.nanoTime() < end) {
            selector.select(key -> receive((Reader) key.attachment()), 100);
        }
        long[] sorted = Arrays.copyOf(nanos, answers);
        Arrays.sort(sorted);
        return new Timings(sorted, (System.nanoTime() - start) / 1e9, Timings.processorSeconds() - used);
    }

    /** The head of the answer to one request, sent before all others. */
    String head() throws IOException {
        Reader first = readers.get(0);
        send(first);
        while (length(first.answer) < 0) {
            selector.select(key -> fill(first), 100);
        }
        String head = new String(first.answer.array(), 0, find(first.answer, END), StandardCharsets.ISO_8859_1);
        first.answer.clear();
        return head;
    }

    @Override
    public void close() throws IOException {
        for (Reader reader : readers) {
            reader.channel.close();
        }
        selector.close();
    }

    private void send(Reader reader) throws IOException {
        reader.sent = System.nanoTime();
        request.clear();
        if (reader.channel.write(request) < request.capacity()) {
            throw new IOException("a request did not fit into the connection's buffer");
        }
    }

    private void receive(Reader reader) {
        fill(reader);
        int length = length(reader.answer);
        if (length < 0 || reader.answer.position() < length) {
            return;
        }
        if (!startsWith(reader.answer, 0, status)) {
            throw new IllegalStateException(new String(reader.answer.array(), 0, length, StandardCharsets.ISO_8859_1));
        }
        reader.answer.clear();
        nanos = answers < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * nanos.length);
        nanos[answers++] = System.nanoTime() - reader.sent;
        try {
            send(reader);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static void fill(Reader reader) {
        try {
            if (reader.channel.read(reader.answer) < 0) {
                throw new IOException("the server hung up");
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Bytes of the whole answer; -1 as long as its head has not come. */
    private static int length(ByteBuffer answer) {
        int end = find(answer, END);
        int said = find(answer, LENGTH);
        if (end < 0) {
            return -1;
        }
        int body = 0;
        for (int i = said + LENGTH.length; said >= 0 && answer.get(i) != '\r'; i++) {
            body = 10 * body + answer.get(i) - '0';
        }
        return end + END.length + body;
    }

    private static int find(ByteBuffer answer, byte[] wanted) {
        for (int i = 0; i + wanted.length <= answer.position(); i++) {
            if (answer.get(i) == wanted[0] && startsWith(answer, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(ByteBuffer answer, int from, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (answer.get(from + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
