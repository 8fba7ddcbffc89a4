package countersign.cli.change.subject;

import countersign.codec.Sha256;
import countersign.manifest.BadRange;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A manifest for people: what they sign, in lines. */
public final class ManifestText {
    private static final int MAX_LISTED = 200;
    private static final int DIGITS = 12;

    private ManifestText() {}

    public static List<String> lines(Manifest manifest) {
        List<String> lines = new ArrayList<>();
        lines.add("  manifest      " + manifest.digest().hex());
        lines.add("  repository    " + manifest.repository() + ", log " + manifest.log());
        lines.add("  operation     " + manifest.operation().label()
                + (manifest.of() == null ? "" : " of " + manifest.of()));
        BadRange recovery = manifest.recovery();
        if (recovery != null) {
            lines.add("  bad           " + recovery);
            lines.add("  new head      " + recovery.head() + ", content root " + recovery.contentRoot());
        }
        lines.add("  contributors  " + String.join(", ", manifest.contributors()));
        Manifest.RollbackGrant rollback = manifest.rollback();
        if (rollback != null) {
            lines.add("  grants        rollback by " + String.join(" or ", rollback.roles()) + " for "
                    + rollback.period());
        }
        if (manifest.applyBy() != null) {
            lines.add("  apply by      " + manifest.applyBy());
        }
        lines.add("  files         " + manifest.files().size());
        manifest.files().stream().limit(MAX_LISTED).map(ManifestText::file).forEach(lines::add);
        lines.add("  units         " + manifest.units().size());
        manifest.units().stream().limit(MAX_LISTED).map(ManifestText::unit).forEach(lines::add);
        return lines;
    }

    private static String file(Manifest.FileChange file) {
        return "    " + sign(file.before(), file.after()) + " " + file.path() + "  "
                + sides(text(file.before()), text(file.after()));
    }

    private static String unit(Manifest.UnitChange unit) {
        return "    " + sign(unit.plan().before(), unit.plan().after()) + " "
                + unit.unit().target() + "/" + unit.unit().system() + "  state "
                + sides(text(unit.state().before()), text(unit.state().after())) + ", plan "
                + sides(text(unit.plan().before()), text(unit.plan().after()));
    }

    private static String sign(@Nullable Object before, @Nullable Object after) {
        return before == null ? "+" : after == null ? "-" : "~";
    }

    private static String sides(@Nullable String before, @Nullable String after) {
        if (before == null) {
            return "→ " + after;
        }
        return after == null ? before + " →" : before.equals(after) ? "unchanged" : before + " → " + after;
    }

    private static @Nullable String text(@Nullable FileState state) {
        return state == null
                ? null
                : (state.mode().equals("100644") ? "" : state.mode() + " ")
                        + state.sha256().hex().substring(0, DIGITS);
    }

    private static @Nullable String text(@Nullable Sha256 digest) {
        return digest == null ? null : digest.hex().substring(0, DIGITS);
    }
}
