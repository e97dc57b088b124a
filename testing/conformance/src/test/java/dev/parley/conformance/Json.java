// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON, read strictly: what the server says has no key twice and nothing behind it. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /** The value of a JSON string. */
    static String value(String quoted) {
        return parse(quoted).stringValue();
    }

    /** The string as JSON. */
    static String quote(String value) {
        return MAPPER.writeValueAsString(value);
    }

    /** A field of an object with a string value. */
    static String field(String name, String value) {
        return quote(name) + ":" + quote(value);
    }
}
