package countersign;

import countersign.access.TrustReader;
import countersign.account.Passwords;
import countersign.account.SignIn;
import countersign.account.Token;
import countersign.account.Tokens;
import countersign.activity.ActivityKind;
import countersign.cli.data.Program;
import countersign.codec.Refusal;
import countersign.data.DataCopy;
import countersign.data.DataFolder;
import countersign.data.DatabaseSettings;
import countersign.data.LogKeyRotation;
import countersign.data.RestoreCheck;
import countersign.data.ServerKeys;
import countersign.document.reader.Documents;
import countersign.git.GitRepository;
import countersign.log.RecordLog;
import countersign.merge.founding.FirstContent;
import countersign.merge.founding.Founding;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.store.Database;
import countersign.store.JdbcPasswordStore;
import countersign.store.JdbcTokenStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The program behind the command line. */
final class Installation implements Program {
    private static final int MAX_FILES = 20_000;

    private final Countersign.Outside outside;

    Installation(Countersign.Outside outside) {
        this.outside = outside;
    }

    @Override
    public String version() {
        String version = Installation.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public Founded init(Init init) {
        DataFolder folder = new DataFolder(init.data());
        folder.create();
        try {
            return found(init, folder);
        } catch (Refusal refusal) {
            DataCopy.delete(init.data());
            throw refusal;
        }
    }

    private Founded found(Init init, DataFolder folder) {
        ServerKeys keys = ServerKeys.generate(init.origin(), outside.random());
        keys.write(folder.keys());
        String id = UUID.randomUUID().toString();
        try (GitRepository repository = GitRepository.create(folder.repository());
                RecordLog log = RecordLog.open(folder.log(), keys.signers(), outside.clock())) {
            DocumentReader documents = new DocumentReader(new Documents(), MAX_FILES);
            FirstContent content = new FirstContent();
            String parent = adopt(init.content(), repository, content);
            if (init.content().folder() != null) {
                content.addFolder(init.content().folder());
            }
            String genesis = new Founding(repository, log, keys.server(), documents)
                    .found(
                            new Founding.Charter(
                                    id,
                                    init.name(),
                                    parent,
                                    content.files(),
                                    init.keys(),
                                    List.of(keys.log().key()),
                                    List.of(keys.clock().key()),
                                    init.recovery(),
                                    init.recoveryThreshold()),
                            outside.clock().instant());
            return new Founded(
                    id, genesis, repository.snapshot(genesis).contentRoot().hex());
        }
    }

    private static @Nullable String adopt(Content wanted, GitRepository repository, FirstContent content) {
        if (wanted.adopted() == null) {
            return null;
        }
        String commit =
                repository.adopt(wanted.adopted().repository(), wanted.adopted().revision());
        content.addTree(repository.snapshot(commit));
        return commit;
    }

    @Override
    public Running serve(Serve serve) {
        return Countersign.start(serve, outside);
    }

    @Override
    public Tokens.Issued issueToken(Path data, TokenWish wish) {
        requirePerson(data, wish.person());
        return withDatabase(data, database -> {
            Tokens.Issued issued =
                    tokens(database).issue(new Tokens.Wish(wish.person(), wish.name(), wish.scopes(), wish.lifetime()));
            note(data, ActivityKind.TOKEN_ISSUED, issued.token().particulars());
            return issued;
        });
    }

    @Override
    public List<Token> listTokens(Path data) {
        return withTokens(data, Tokens::list);
    }

    @Override
    public void revokeToken(Path data, String id) {
        withTokens(data, tokens -> {
            tokens.revoke(id);
            note(data, ActivityKind.TOKEN_REVOKED, Map.of("token", id));
            return id;
        });
    }

    @Override
    public void setPassword(Path data, String person, String password) {
        requirePerson(data, person);
        withDatabase(data, database -> {
            Tokens tokens = tokens(database);
            Passwords passwords =
                    new Passwords(new JdbcPasswordStore(database), person::equals, outside.clock(), outside.random());
            passwords.set(person, password);
            SignIn.endSessions(tokens, person);
            note(data, ActivityKind.PASSWORD_SET, Map.of("of", person));
            return person;
        });
    }

    @Override
    public String beginLogKey(Path data) {
        DataFolder folder = new DataFolder(data);
        return folder.whileLocked(() -> new LogKeyRotation(folder).begin(outside.random()));
    }

    @Override
    public String finishLogKey(Path data) {
        DataFolder folder = new DataFolder(data);
        return folder.whileLocked(() -> new LogKeyRotation(folder).finish());
    }

    @Override
    public Repository openClone(Path clone) {
        return GitRepository.openForReading(clone);
    }

    @Override
    public void backup(Path data, Path to) {
        new DataFolder(data).whileLocked(() -> {
            DataCopy.requirePlain(new DataFolder(data));
            DataCopy.copy(data, to);
            return to;
        });
    }

    @Override
    public void restore(Path from, Path data, @Nullable Path newest) {
        DataFolder source = new DataFolder(from);
        if (newest != null) {
            RestoreCheck.requireNotBehind(source, newest, outside.clock());
        }
        DataCopy.requirePlain(source);
        new DataFolder(data).create();
        DataCopy.copyInto(from, data);
    }

    @Override
    public Copied restoreAsCopy(Copy copy) {
        return new AsCopy(outside, new DocumentReader(new Documents(), MAX_FILES)).make(copy);
    }

    /** Called while no other process has the folder. */
    private void note(Path data, ActivityKind kind, Map<String, String> detail) {
        DataFolder folder = new DataFolder(data);
        try (GitRepository repository = GitRepository.open(folder.repository())) {
            String main = repository.findRef(Repository.MAIN).orElseThrow();
            String origin = new TrustReader(new DocumentReader(new Documents(), MAX_FILES))
                    .read(repository.snapshot(main))
                    .settings()
                    .origin();
            Activities.note(folder, origin, outside, kind, detail);
        }
    }

    private void requirePerson(Path data, String person) {
        DataFolder folder = new DataFolder(data);
        boolean known = folder.whileLocked(() -> {
            try (GitRepository repository = GitRepository.open(folder.repository())) {
                String main = repository.findRef(Repository.MAIN).orElseThrow();
                return new TrustReader(new DocumentReader(new Documents(), MAX_FILES))
                        .read(repository.snapshot(main))
                        .findPerson(person)
                        .isPresent();
            }
        });
        if (!known) {
            throw new Refusal("unknown-person", person + " has no Person document in access/people on main");
        }
    }

    private <T> T withTokens(Path data, Function<Tokens, T> work) {
        return withDatabase(data, database -> work.apply(tokens(database)));
    }

    private Tokens tokens(Database database) {
        return new Tokens(new JdbcTokenStore(database), outside.clock(), outside.random());
    }

    private <T> T withDatabase(Path data, Function<Database, T> work) {
        DataFolder folder = new DataFolder(data);
        return folder.whileLocked(() -> {
            try (Database database = new DatabaseSettings(outside.variables()).open(folder, null)) {
                return work.apply(database);
            }
        });
    }
}
