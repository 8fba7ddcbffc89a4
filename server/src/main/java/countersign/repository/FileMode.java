package countersign.repository;

import java.util.Optional;

/** The two modes a file may have (PROTOCOL §1.1). */
public enum FileMode {
    REGULAR("100644"),
    EXECUTABLE("100755");

    private final String octal;

    FileMode(String octal) {
        this.octal = octal;
    }

    /** Six octal digits, as Git prints them. */
    public String octal() {
        return octal;
    }

    public static Optional<FileMode> find(String octal) {
        return REGULAR.octal.equals(octal)
                ? Optional.of(REGULAR)
                : EXECUTABLE.octal.equals(octal) ? Optional.of(EXECUTABLE) : Optional.empty();
    }
}
