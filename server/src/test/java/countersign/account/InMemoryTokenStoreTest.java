package countersign.account;

final class InMemoryTokenStoreTest extends TokenStoreContract {
    @Override
    protected TokenStore store() {
        return new InMemoryTokenStore();
    }
}
