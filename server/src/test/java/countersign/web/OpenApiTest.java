package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.ReferencePage;
import java.io.IOException;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
    private final OpenApi document = OpenApi.load();

    @Test
    void the_document_and_the_server_have_the_same_routes() {
        try (ShopServer server = ShopServer.start()) {
            TreeSet<String> served = server.routes.stream()
                    .filter(route -> !route.path().startsWith("/git/"))
                    .map(route -> route.method().name() + " "
                            + route.path().replace('<', '{').replace('>', '}'))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(document.operations()).isEqualTo(served);
        }
    }

    @Test
    void the_reference_of_the_api_is_what_the_document_says() throws IOException {
        ReferencePage.holds("api.md", document.reference());
    }

    @Test
    void the_server_serves_the_document() {
        try (ShopServer server = ShopServer.start()) {
            ShopServer.Answer answer = server.anonymous().get("/openapi.yaml").expect(200);

            assertThat(answer.body()).startsWith("openapi: 3.1.0");
        }
    }

    @Test
    void an_answer_that_the_document_does_not_allow_is_found() {
        assertThat(document.faults("GET", "/healthz", 200, "application/json", "{\"status\":\"ok\"}"))
                .isEmpty();
        assertThat(document.faults("GET", "/healthz", 200, "application/json", "{\"status\":\"sick\"}"))
                .isNotEmpty();
        assertThat(document.faults("GET", "/healthz", 200, "application/json", "{\"status\":\"ok\",\"more\":1}"))
                .isNotEmpty();
        assertThat(document.faults("GET", "/api/v1/changes", 200, "text/html", "x"))
                .isNotEmpty();
        assertThat(document.faults("GET", "/api/v1/nowhere", 200, "application/json", "{}"))
                .isNotEmpty();
    }
}
