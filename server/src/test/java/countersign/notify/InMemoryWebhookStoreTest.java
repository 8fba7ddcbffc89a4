package countersign.notify;

final class InMemoryWebhookStoreTest extends WebhookStoreContract {
    @Override
    protected WebhookStore store() {
        return new InMemoryWebhookStore();
    }
}
