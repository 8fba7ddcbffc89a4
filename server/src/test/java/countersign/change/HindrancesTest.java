package countersign.change;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.store.ChangeState;
import countersign.codec.Finding;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What targets report against a change that everybody has signed. */
final class HindrancesTest {
    @AutoClose
    private final Shop shop = Shop.open();

    @Test
    void what_a_target_reports_is_told_at_the_gate_and_refuses_the_merge_until_it_is_gone() {
        shop.opened("longer", 60);
        shop.approve("longer");
        shop.targets = preview -> List.of(Finding.error("capacity-short", "needs 20 MiB, web-production has 10"));

        assertThat(refusalOf(() -> shop.changes().merge("longer")).rule()).isEqualTo("capacity-short");
        assertThat(shop.changes().get("longer").state()).isEqualTo(ChangeState.APPROVED);
        shop.targets = preview -> List.of();

        assertThat(shop.changes().merge("longer").merged()).isNotNull();
    }

    @Test
    void only_what_the_change_itself_does_is_asked_about() {
        shop.opened("longer", 60);
        shop.opened("shorter", 20);
        shop.approve("longer");
        shop.targets = preview -> preview.request().id().name().equals("shorter")
                ? List.of(Finding.error("installed-version-differs", "says 2.4, web-production reports 2.3"))
                : List.of();

        assertThat(shop.changes().merge("longer").merged()).isNotNull();
    }
}
