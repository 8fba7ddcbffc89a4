package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.web.http.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, '', 203.0.113.0",
        "2001:db8:1:2:3:4:5:6, '', 2001:db8:1:2:0:0:0:0",
        "127.0.0.1, '198.51.100.7, 203.0.113.9', 203.0.113.0",
        "127.0.0.1, example.org, unknown",
        "127.0.0.1, dead.beef, unknown",
        "127.0.0.1, 999.1.1.1, unknown",
        "127.0.0.1, ':::', unknown"
    })
    void an_address_counts_as_its_network_and_the_last_that_was_forwarded_for(
            String address, String forwarded, String network) {
        assertThat(Network.of(address, forwarded)).isEqualTo(network);
    }
}
