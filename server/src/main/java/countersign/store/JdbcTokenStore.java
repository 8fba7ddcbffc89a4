package countersign.store;

import countersign.account.Scope;
import countersign.account.Token;
import countersign.account.TokenStore;
import countersign.codec.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tokens in SQL. Thread-safe: all state is the database's. */
public final class JdbcTokenStore implements TokenStore {
    private static final String COLUMNS = "id, person, name, scopes, secret, created_at, expires";

    private final Database database;

    public JdbcTokenStore(Database database) {
        this.database = database;
    }

    @Override
    public void save(Kept kept) {
        Token token = kept.token();
        database.updateForced(
                "insert into token (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                token.person(),
                token.name(),
                token.scopes().stream().map(Scope::label).collect(Collectors.joining(" ")),
                kept.secret().hex(),
                utc(token.createdAt()),
                utc(token.expires()));
    }

    @Override
    public Optional<Kept> find(String id) {
        return database.find(JdbcTokenStore::kept, "select " + COLUMNS + " from token where id = ?", id);
    }

    @Override
    public List<Token> list(String person) {
        return database.list(
                JdbcTokenStore::token,
                "select " + COLUMNS + " from token where person = ? order by created_at desc, id",
                person);
    }

    @Override
    public List<Token> list() {
        return database.list(JdbcTokenStore::token, "select " + COLUMNS + " from token order by created_at desc, id");
    }

    @Override
    public boolean delete(String id) {
        return database.updateForced("delete from token where id = ?", id) > 0;
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(token(row), new Sha256(row.getString("secret")));
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("id"),
                row.getString("person"),
                row.getString("name"),
                Arrays.stream(row.getString("scopes").split(" ", -1))
                        .map(Scope::get)
                        .collect(Collectors.toUnmodifiableSet()),
                instant(row, "created_at"),
                instant(row, "expires"));
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
