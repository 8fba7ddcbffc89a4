package countersign.bench;

import com.sun.management.OperatingSystemMXBean;
import countersign.audit.AuditLine;
import countersign.audit.CloneAudit;
import countersign.audit.start.StartingPoint;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The audit of a plain clone: changes with three signatures a second, and processor time of each; the first run is by a
 * Java machine that has verified nothing yet but what made the history. Budget: 100,000 changes in 220 s per core.
 */
final class AuditBench {
    private static final double PROCESSOR_MILLIS = 2.2;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private AuditBench() {}

    static List<Row> rows(int changes) throws Exception {
        Path folder = BenchFolder.create("audit");
        try {
            AuditHistory.Clone clone = AuditHistory.make(folder, changes);
            List<Row> rows = new ArrayList<>(runs(clone, changes, "first run"));
            rows.addAll(runs(clone, changes, "second run"));
            return rows;
        } finally {
            BenchFolder.delete(folder);
        }
    }

    static List<Row> runs(AuditHistory.Clone clone, int changes, String run) {
        System.gc();
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
        long used = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        audit(clone);
        double seconds = (System.nanoTime() - start) / 1e9;
        double millis = (SYSTEM.getProcessCpuTime() - used) / 1e6 / changes;
        String what = "audit of %,d changes with 3 signatures, %s".formatted(changes, run);
        double peak =
                heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1e6;
        return List.of(
                Row.measured(what, changes / seconds, millis, PROCESSOR_MILLIS),
                Row.atMost("— peak of the heap, with garbage", peak, 1024, "MB"));
    }

    private static void audit(AuditHistory.Clone clone) {
        AtomicReference<String> bad = new AtomicReference<>("");
        try (Repository repository = GitRepository.openForReading(clone.folder())) {
            new CloneAudit(repository)
                    .verify(new StartingPoint.Genesis(clone.genesis(), null), line -> note(line, bad));
        }
        if (!bad.get().isEmpty()) {
            throw new IllegalStateException("the audit of the benchmark failed: " + bad.get());
        }
    }

    private static void note(AuditLine line, AtomicReference<String> bad) {
        if (!line.good()) {
            bad.set(line.toString());
        }
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
