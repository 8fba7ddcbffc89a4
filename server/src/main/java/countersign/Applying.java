package countersign;

import countersign.access.RepositorySettings;
import countersign.access.TrustReader;
import countersign.apply.Applications;
import countersign.apply.Applier;
import countersign.apply.ApplyQueue;
import countersign.apply.GateTaint;
import countersign.apply.SnapshotContents;
import countersign.apply.fact.TargetFacts;
import countersign.change.Changes;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.signing.SigningKey;
import countersign.target.DirectoryDriver;
import countersign.target.Driver;
import countersign.target.HealthRunner;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The targets that this server pushes to, and what it takes to bring merged changes there. */
final class Applying {
    private static final Logger LOG = LoggerFactory.getLogger(Applying.class);

    private final Repository repository;
    private final DocumentReader documents;
    private final TrustReader trusts;
    private final Applications applications;
    private final Map<String, Driver> drivers;
    private final TargetFacts facts;

    /** @param targets the folder of all targets of the directory driver */
    Applying(
            Repository repository,
            DocumentReader documents,
            TrustReader trusts,
            Applications applications,
            Path targets) {
        this.repository = repository;
        this.documents = documents;
        this.trusts = trusts;
        this.applications = applications;
        Driver directory = new DirectoryDriver(targets);
        this.drivers = Map.of(directory.name(), directory);
        this.facts = new TargetFacts(repository, documents, applications::standingMerge, drivers);
    }

    /** What targets report. */
    TargetFacts facts() {
        return facts;
    }

    /** Not started yet. */
    ApplyQueue queue(Changes changes, Receipts receipts, SigningKey serverKey, Countersign.Outside outside) {
        RepositorySettings settings =
                trusts.read(repository.snapshot(changes.main())).settings();
        if (!settings.held().names().isEmpty()) {
            LOG.warn(
                    "nothing is applied to {}: countersign.yaml holds them",
                    settings.held().names());
        }
        Applier applier = new Applier(new Applier.Wiring(
                applications,
                new SnapshotContents(repository, documents, facts),
                receipts,
                new GateTaint(repository, receipts, changes.keys()::present, changes::badMerges),
                new Delays(changes),
                drivers,
                new HealthRunner(),
                new Applier.Identity(settings.id(), settings.origin(), "server", serverKey),
                outside.clock(),
                outside.faults()));
        return new ApplyQueue(applications, applier, receipts);
    }
}
