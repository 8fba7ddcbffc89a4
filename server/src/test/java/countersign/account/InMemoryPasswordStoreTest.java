package countersign.account;

final class InMemoryPasswordStoreTest extends PasswordStoreContract {
    @Override
    protected PasswordStore store() {
        return new InMemoryPasswordStore();
    }
}
