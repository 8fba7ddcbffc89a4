package countersign.web.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class PulledStreamTest {
    private final Queue<String> news = new ArrayDeque<>(List.of("first ", "second "));
    private final PulledStream stream = new PulledStream(this::next);

    @Test
    void who_has_news_while_the_answer_is_opened_writes_nothing_before_the_connection_can_be_asked() {
        Connection connection = new Connection();

        CompletableFuture<Void> ended = stream.open(connection.response());

        assertThat(ended).isNotDone();
        assertThat(connection.tooEarly).isFalse();
        assertThat(connection.written.toString(US_ASCII)).isEqualTo("first second ");
    }

    @Test
    void what_is_new_later_follows() {
        Connection connection = new Connection();
        CompletableFuture<Void> ended = stream.open(connection.response());

        news.add("third");
        stream.pump();

        assertThat(ended).isNotDone();
        assertThat(connection.written.toString(US_ASCII)).isEqualTo("first second third");
    }

    @Test
    void a_stream_that_has_ended_sends_nothing_more() {
        Connection connection = new Connection();
        stream.end();

        assertThat(stream.open(connection.response())).isCompleted();

        assertThat(stream.hasEnded()).isTrue();
        assertThat(connection.written.size()).isZero();
    }

    private byte[] next() {
        String next = news.poll();
        return next == null ? new byte[0] : next.getBytes(US_ASCII);
    }

    /** A connection to which somebody has something to send just when its listener is set. */
    private final class Connection extends ServletOutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private boolean heard;
        private boolean tooEarly;

        ServletResponse response() {
            return (ServletResponse) Proxy.newProxyInstance(
                    PulledStreamTest.class.getClassLoader(),
                    new Class<?>[] {ServletResponse.class},
                    (self, method, arguments) -> this);
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            stream.pump();
            heard = true;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void write(int one) {
            tooEarly |= !heard;
            written.write(one);
        }
    }
}
