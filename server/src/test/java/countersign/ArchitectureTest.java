package countersign;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the compiled code to the table of rooms in ARCHITECTURE.md. */
final class ArchitectureTest {
    private static final Path SOURCES = Path.of("server/src/main/java");

    /** Calls that read the machine's clock or stop a thread; only the root package may make them. */
    private static final Set<String> CLOCKS = Set.of(
            "java.time.Instant.now()",
            "java.time.LocalDate.now()",
            "java.time.LocalDateTime.now()",
            "java.time.OffsetDateTime.now()",
            "java.time.ZonedDateTime.now()",
            "java.time.Clock.systemUTC()",
            "java.time.Clock.systemDefaultZone()",
            "java.time.InstantSource.system()",
            "java.lang.System.currentTimeMillis()",
            "java.lang.Thread.sleep(long)",
            "java.lang.Thread.sleep(long, int)",
            "java.lang.Thread.sleep(java.time.Duration)");

    private static final Pattern VAGUE =
            Pattern.compile(".*(Manager|Utils?|Helpers?|Impl|Misc)|.+(Data|Info|Base|Service|Handler|Context)");

    private static final Pattern A_SENTENCE = Pattern.compile("\\A/\\*\\*\\s*[^@]*\\w[^@]*\\.\\s*(\\*/|\\n)");

    private static RoomTable rooms;
    private static JavaClasses classes;

    @BeforeAll
    static void reads_the_table_and_the_classes() throws IOException {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        rooms = RoomTable.parse(Files.readString(Path.of("ARCHITECTURE.md")));
        classes = new ClassFileImporter()
                .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void every_row_names_only_rows_above_it() {
        assertThat(rooms.rowsThatNameWhatIsNotAbove()).isEmpty();
    }

    @Test
    void every_package_has_a_row_and_every_row_a_package() throws IOException {
        List<String> folders;
        try (Stream<Path> children = Files.list(SOURCES.resolve("countersign"))) {
            folders = children.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        }

        assertThat(rooms.names()).containsExactlyInAnyOrderElementsOf(folders);
    }

    @Test
    void a_room_uses_only_the_rooms_its_row_names() {
        List<String> strays = outgoing()
                .filter(dependency ->
                        RoomTable.isOurs(dependency.getTargetClass().getName()))
                .filter(dependency -> !rooms.mayUse(origin(dependency), target(dependency)))
                .map(Dependency::getDescription)
                .toList();

        assertThat(strays).isEmpty();
    }

    @Test
    void a_library_enters_through_its_one_door() {
        List<String> strays = outgoing()
                .filter(dependency -> !rooms.mayOpen(origin(dependency), target(dependency)))
                .map(Dependency::getDescription)
                .toList();

        assertThat(strays).isEmpty();
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("countersign.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void no_class_has_a_vague_name() {
        Predicate<JavaClass> vague = type -> VAGUE.matcher(type.getSimpleName()).matches();

        assertThat(classes.stream().filter(vague).map(JavaClass::getName)).isEmpty();
    }

    @Test
    void only_the_root_package_asks_the_machine_for_the_time() {
        Stream<String> calls = classes.stream()
                .filter(type -> !RoomTable.isRoot(type.getName()))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> CLOCKS.contains(access.getTarget().getFullName()))
                .map(JavaAccess::getDescription);

        assertThat(calls).isEmpty();
    }

    @Test
    void every_package_says_in_a_sentence_what_it_is_for() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();

            assertThat(packages).isNotEmpty().allSatisfy(ArchitectureTest::introduces_itself);
        }
    }

    private static void introduces_itself(Path folder) throws IOException {
        assertThat(folder.resolve("package-info.java")).exists();
        String text = Files.readString(folder.resolve("package-info.java"));
        assertThat(A_SENTENCE.matcher(text).find()).as(text).isTrue();
        assertThat(text).contains("@NullMarked");
    }

    private static Stream<Dependency> outgoing() {
        return classes.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    private static String origin(Dependency dependency) {
        return dependency.getOriginClass().getBaseComponentType().getName();
    }

    private static String target(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType().getName();
    }
}
