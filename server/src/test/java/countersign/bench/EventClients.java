package countersign.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** Many clients of the event stream on one thread, each told only of merges, and when the last of them was. */
final class EventClients implements AutoCloseable {
    private static final byte[] EVENT = "\nevent: change.merged".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GREETING = ": watching".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST = 100_000;

    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);

    /** How many clients were told of so many events, and when the last of them was. */
    private final int[] told = new int[MOST];

    private final AtomicLongArray complete = new AtomicLongArray(MOST);
    private final AtomicInteger greeted = new AtomicInteger();
    private volatile boolean closed;

    private EventClients(Selector selector) {
        this.selector = selector;
    }

    /** A client, how many events it was told of, and how much of the pattern it has just seen. */
    private static final class Client {
        private final SocketChannel channel;
        private int events;
        private int matched;
        private int greeting;
        private boolean greeted;

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    static EventClients connect(String url, String token, int count) throws IOException {
        URI uri = URI.create(url);
        EventClients all = new EventClients(Selector.open());
        byte[] request =
                ("GET /api/v1/events?type=change.merged HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n"
                                + "Authorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 16 << 10);
            channel.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            Client client = new Client(channel);
            channel.register(all.selector, SelectionKey.OP_READ, client);
            all.clients.add(client);
        }
        Thread thread = new Thread(all::read, "event-clients");
        thread.setDaemon(true);
        thread.start();
        while (all.greeted.get() < count) {
            Thread.onSpinWait();
        }
        return all;
    }

    /** Waits until each was told of so many events; gives when the last was, by the nanosecond clock. */
    long awaitAll(int events) {
        if (clients.isEmpty()) {
            return System.nanoTime();
        }
        while (complete.get(events) == 0) {
            LockSupport.parkNanos(20_000);
        }
        return complete.get(events);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (Client client : clients) {
            client.channel.close();
        }
    }

    private void read() {
        try {
            while (!closed) {
                selector.select(key -> {
                    try {
                        read((Client) key.attachment());
                    } catch (IOException gone) {
                        key.cancel();
                    }
                });
            }
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private void read(Client client) throws IOException {
        buffer.clear();
        int count = client.channel.read(buffer);
        for (int i = 0; i < count; i++) {
            byte next = buffer.get(i);
            client.matched = next == EVENT[client.matched] ? client.matched + 1 : next == EVENT[0] ? 1 : 0;
            if (client.matched == EVENT.length) {
                client.matched = 0;
                client.events++;
                count(client.events);
            }
            if (!client.greeted) {
                client.greeting = next == GREETING[client.greeting] ? client.greeting + 1 : 0;
                client.greeted = client.greeting == GREETING.length;
                greeted.addAndGet(client.greeted ? 1 : 0);
            }
        }
    }

    private void count(int events) {
        told[events]++;
        if (told[events] == clients.size()) {
            complete.set(events, System.nanoTime());
        }
    }
}
