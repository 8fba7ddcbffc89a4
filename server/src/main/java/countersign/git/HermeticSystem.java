package countersign.git;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * What JGit may learn about the machine: everything but the configuration files of the user and of the system, which
 * must not decide what a repository means. JGit keeps one per process.
 */
final class HermeticSystem extends SystemReader {
    private final SystemReader machine;

    private HermeticSystem(SystemReader machine) {
        this.machine = machine;
    }

    /** Makes it the one JGit asks; doing so again changes nothing. */
    static synchronized void install() {
        SystemReader present = SystemReader.getInstance();
        if (!(present instanceof HermeticSystem)) {
            SystemReader.setInstance(new HermeticSystem(present));
        }
    }

    @Override
    public String getHostname() {
        return machine.getHostname();
    }

    @Override
    public String getenv(String variable) {
        return machine.getenv(variable);
    }

    @Override
    public String getProperty(String key) {
        return machine.getProperty(key);
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in JGit until it is removed
    public long getCurrentTime() {
        return machine.getCurrentTime();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in JGit until it is removed
    public int getTimezone(long when) {
        return machine.getTimezone(when);
    }

    /** A configuration that no file stands behind. */
    private static final class NoConfig extends FileBasedConfig {
        private static final Duration COARSEST_TIMESTAMPS = Duration.ofSeconds(2);

        NoConfig(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {
            // there is nothing to load
        }

        @Override
        public void save() {
            // what JGit learns about a file system is forgotten at exit
        }

        @Override
        public boolean isOutdated() {
            return false;
        }

        /**
         * JGit would measure, for three seconds of every start, how fine the timestamps of a file system are. It is told
         * what it takes for one that it cannot measure, which only makes it look again at files that just changed.
         */
        @Override
        public long getTimeUnit(String section, String subsection, String name, long preset, TimeUnit unit) {
            boolean asked = section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                    && name.equals(ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION);
            return asked
                    ? unit.convert(COARSEST_TIMESTAMPS)
                    : super.getTimeUnit(section, subsection, name, preset, unit);
        }
    }
}
