package countersign.git.transport;

import countersign.codec.Refusal;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import countersign.repository.push.GitTransport;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.UnpackException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.transport.connectivity.IterativeConnectivityChecker;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.SymbolicRef;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.AdvertiseRefsHook;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.transport.UploadPack.ReachableCommitRequestValidator;
import org.eclipse.jgit.transport.UploadPackInternalServerErrorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Git's smart HTTP protocol by JGit's two services. Thread-safe: each call has its own. */
public final class SmartTransport implements GitTransport {
    private static final Logger LOG = LoggerFactory.getLogger(SmartTransport.class);
    private static final int TIMEOUT_SECONDS = 120;
    private static final long MAX_OBJECT_BYTES = 16L << 20;
    private static final long MAX_PACK_BYTES = 256L << 20;
    private static final List<String> SHOWN = List.of(Constants.R_HEADS, Constants.R_TAGS);

    private final GitRepository store;
    private final PackLimits limits;

    public SmartTransport(GitRepository store) {
        this(store, PackLimits.STANDARD);
    }

    SmartTransport(GitRepository store, PackLimits limits) {
        this.store = store;
        this.limits = limits;
    }

    @Override
    public void advertise(Service service, String gitProtocol, OutputStream out) {
        attempt(() -> {
            PacketLineOut lines = new PacketLineOut(out);
            switch (service) {
                case UPLOAD_PACK ->
                    uploader(gitProtocol).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines), service.word());
                case RECEIVE_PACK -> {
                    lines.writeString("# service=" + service.word() + "\n");
                    lines.end();
                    store.readRef(Repository.MAIN); // it may have been moved by hand, and deltas count on what is shown
                    receiver(store.files()).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
                }
            }
        });
    }

    @Override
    public void uploadPack(InputStream in, OutputStream out, String gitProtocol) {
        attempt(() -> uploader(gitProtocol).upload(in, out, null));
    }

    @Override
    public void receivePack(InputStream in, OutputStream out, String pusher, PushPolicy policy) {
        attempt(() -> {
            Optional<Refusal> closed = findRefusal(policy);
            Quarantine quarantine = Quarantine.open(store, limits);
            Reception reception = new Reception(store, quarantine, pusher, policy, closed);
            try {
                ReceivePack receiver = receiver(quarantine.jgit());
                receiver.setAdvertisedRefs(shownRefs(), Set.of());
                if (closed.isPresent()) {
                    // Refused unread; a check would refuse it first, for want of commits that main no longer reaches.
                    receiver.setCheckReceivedObjects(false);
                    receiver.setCheckReferencedObjectsAreReachable(false);
                }
                receiver.setPreReceiveHook(reception);
                receiver.receive(in, out, null);
            } finally {
                if (reception.isAccepted()) {
                    store.soon(() -> delete(quarantine));
                } else {
                    quarantine.close();
                }
            }
        });
    }

    private static void delete(Quarantine quarantine) {
        try {
            quarantine.close();
        } catch (IOException failed) {
            LOG.warn("a received push could not be deleted; it is when the repository is opened", failed);
        }
    }

    private static Optional<Refusal> findRefusal(PushPolicy policy) {
        try {
            policy.requireOpen();
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal);
        }
    }

    private UploadPack uploader(String gitProtocol) {
        UploadPack uploader = new UploadPack(store.files());
        uploader.setBiDirectionalPipe(false);
        uploader.setTimeout(TIMEOUT_SECONDS);
        uploader.setRequestValidator(SmartTransport::checkWants);
        uploader.setAdvertiseRefsHook(new Shown());
        if (!gitProtocol.isEmpty()) {
            uploader.setExtraParameters(Arrays.asList(gitProtocol.split(":", 10)));
        }
        return uploader;
    }

    private ReceivePack receiver(FileRepository into) {
        ReceivePack receiver = new Receiver(into);
        receiver.setBiDirectionalPipe(false);
        receiver.setTimeout(TIMEOUT_SECONDS);
        receiver.setObjectChecker(limits.checker());
        receiver.setCheckReferencedObjectsAreReachable(true);
        receiver.setMaxObjectSizeLimit(MAX_OBJECT_BYTES);
        receiver.setMaxPackSizeLimit(MAX_PACK_BYTES);
        receiver.setAllowPushOptions(true);
        receiver.setAdvertiseRefsHook(new Shown());
        return receiver;
    }

    /**
     * Lets a client fetch what the shown refs reach. Single files and folders, which partial clones ask for later, are
     * given to whoever knows their id.
     */
    private static void checkWants(UploadPack uploader, List<ObjectId> wants) throws IOException {
        try (ObjectReader reader = uploader.getRepository().newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            List<ObjectId> commits = new ArrayList<>();
            for (ObjectId want : wants) {
                RevObject object = walk.parseAny(want);
                if (object.getType() == Constants.OBJ_COMMIT || object.getType() == Constants.OBJ_TAG) {
                    commits.add(want);
                }
            }
            new ReachableCommitRequestValidator().checkWants(uploader, commits);
        } catch (MissingObjectException absent) {
            throw new PackProtocolException(
                    "not our ref " + absent.getObjectId().name(), absent);
        }
    }

    /** Branches and tags as memory has them, after which whatever they reach has files. */
    private Map<String, Ref> shownRefs() {
        Map<String, Ref> refs = new LinkedHashMap<>();
        for (String prefix : SHOWN) {
            store.listRefs(prefix)
                    .forEach((name, id) ->
                            refs.put(name, new ObjectIdRef.Unpeeled(Ref.Storage.LOOSE, name, ObjectId.fromString(id))));
        }
        store.flush();
        return refs;
    }

    private static void attempt(Step step) {
        try {
            step.run();
        } catch (UnpackException reported) {
            // the client has been told what was wrong with its pack; so it has below of what it may not fetch
        } catch (UploadPackInternalServerErrorException failed) {
            if (!(failed.getCause() instanceof PackProtocolException)) {
                throw new UncheckedIOException(failed);
            }
        } catch (PackProtocolException malformed) {
            throw malformed(malformed.getMessage());
        } catch (IllegalArgumentException notText) {
            // JGit's answer to names and ids that are no ASCII
            throw malformed("a name or an id holds bytes that it cannot");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Refusal malformed(@Nullable String reason) {
        return new Refusal("malformed-git-request", "no request of Git's protocol: " + reason);
    }

    /** Shows branches and tags as memory has them, and HEAD. */
    private final class Shown implements AdvertiseRefsHook {
        @Override
        public void advertiseRefs(UploadPack uploader) {
            Map<String, Ref> refs = shownRefs();
            Ref main = refs.get(Repository.MAIN);
            if (main != null) {
                refs.put(Constants.HEAD, new SymbolicRef(Constants.HEAD, main));
            }
            uploader.setAdvertisedRefs(refs);
        }

        @Override
        public void advertiseRefs(ReceivePack receiver) {
            try {
                receiver.setAdvertisedRefs(shownRefs(), Set.of());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /**
     * Checks what is pushed against the parents of the new commits first, which mostly are all it needs, and only then
     * against every branch that is open.
     */
    private static final class Receiver extends ReceivePack {
        Receiver(FileRepository into) {
            super(into);
            connectivityChecker = new IterativeConnectivityChecker(connectivityChecker);
        }
    }

    /** Something that talks to a client. */
    private interface Step {
        void run() throws IOException;
    }
}
