package countersign.target;

import java.util.List;

final class InMemoryDriverTest extends DriverContract {
    private final InMemoryDriver driver = new InMemoryDriver();

    @Override
    Driver driver() {
        return driver;
    }

    @Override
    void interfere(Location location, ReleaseFile file) {
        driver.interfere(location, List.of(file, FIRST.get(1)));
    }
}
