// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What openapi.json promises, and whether an answer keeps it. */
record Contract(JsonNode document) {

    /**
     * An operation of the document.
     *
     * @param method in capitals
     * @param path with the name in braces
     */
    record Operation(String method, String path, JsonNode description) {

        @Override
        public String toString() {
            return method + " " + path;
        }

        List<String> statuses() {
            return List.copyOf(description.path("responses").propertyNames());
        }

        boolean isAt(String askedMethod, String askedPath) {
            String names = Pattern.quote(path).replace("{channel}", "\\E.*\\Q").replace("{peerId}", "\\E[^/]*\\Q");
            return method.equals(askedMethod) && askedPath.matches(names);
        }
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    /** Fails unless the answer is one the document has for this request. */
    void check(String method, String target, Answer answer) {
        String path = target.replaceFirst("[?].*", "");
        List<Operation> fitting =
                operations().stream().filter(it -> it.isAt(method, path)).toList();
        assertThat(fitting).as("operations at %s %s", method, path).hasSizeLessThan(2);
        if (fitting.isEmpty()) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().path("error").asString()).isEqualTo("not_found");
            return;
        }
        JsonNode response =
                resolve(fitting.getFirst().description().path("responses").path(Integer.toString(answer.status())));
        assertThat(response.isMissingNode())
                .as("%s is not documented to answer %s", fitting.getFirst(), answer)
                .isFalse();
        response.path("headers")
                .propertyNames()
                .forEach(name -> assertThat(answer.header(name)).as(name).isNotEmpty());
        JsonNode schema = response.at("/content/application~1json/schema");
        assertThat(schema.isMissingNode()).isFalse();
        assertThat(new Schema(document, schema).faults(answer.json()))
                .as("%s answered %s", fitting.getFirst(), answer)
                .isEmpty();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asString().substring(1)) : node;
    }
}
