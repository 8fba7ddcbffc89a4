package countersign.account;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens in memory. Thread-safe by its map. */
public final class InMemoryTokenStore implements TokenStore {
    private static final Comparator<Token> NEWEST_FIRST =
            Comparator.comparing(Token::createdAt).reversed().thenComparing(Token::id);

    private final Map<String, Kept> tokens = new ConcurrentHashMap<>();

    @Override
    public void save(Kept kept) {
        tokens.put(kept.token().id(), kept);
    }

    @Override
    public Optional<Kept> find(String id) {
        return Optional.ofNullable(tokens.get(id));
    }

    @Override
    public List<Token> list(String person) {
        return list().stream().filter(token -> token.person().equals(person)).toList();
    }

    @Override
    public List<Token> list() {
        return tokens.values().stream().map(Kept::token).sorted(NEWEST_FIRST).toList();
    }

    @Override
    public boolean delete(String id) {
        return tokens.remove(id) != null;
    }
}
