package countersign.merge.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.change.Shop;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.reader.Documents;
import countersign.log.LogEntry;
import countersign.repository.DocumentReader;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class OriginalTest {
    @AutoClose
    private final Shop shop = Shop.open();

    private final LogEntry.Genesis genesis =
            (LogEntry.Genesis) LogEntry.parse(shop.log().entry(0));

    @Test
    void a_commit_of_the_log_is_found_by_the_beginning_of_its_id() {
        Original original = of(Stream.of(genesis), Optional.of(genesis.commit().substring(0, 7)));

        assertThat(original.commit()).isEqualTo(genesis.commit());
        assertThat(original.settings().id()).isEqualTo(genesis.repository());
        assertThat(original.revoked().all()).isEmpty();
    }

    @Test
    void six_digits_are_too_few_to_name_a_commit() {
        assertRefused(
                "not-a-merge", Stream.of(genesis), Optional.of(genesis.commit().substring(0, 6)));
    }

    @Test
    void files_with_another_content_root_than_the_log_says_are_refused() {
        LogEntry forged = new LogEntry.Genesis(
                genesis.repository(), genesis.engine(), genesis.commit(), Sha256.of(new byte[1]), genesis.time());

        assertRefused("content-root", Stream.of(forged), Optional.empty());
    }

    @Test
    void an_empty_log_vouches_for_nothing() {
        assertRefused("no-genesis", Stream.empty(), Optional.empty());
    }

    private void assertRefused(String rule, Stream<LogEntry> entries, Optional<String> wanted) {
        assertThatThrownBy(() -> of(entries, wanted))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
    }

    private Original of(Stream<LogEntry> entries, Optional<String> wanted) {
        return Original.of(
                shop.repository,
                new DocumentReader(new Documents(), 10),
                entries,
                shop.log().checkpoint(),
                wanted);
    }
}
