// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, as forms encode them. Those nobody asks for are ignored. */
final class QueryParameters {

    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = values;
    }

    static QueryParameters of(String text) throws ApiRefusedException {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (values.put(name, value) != null) {
                throw ApiRefusedException.invalid("a parameter must stand in the query once");
            }
        }
        return new QueryParameters(values);
    }

    /** The value, null if the parameter is absent. */
    @Nullable
    String value(String name) {
        return values.get(name);
    }

    /** The value, or this one if the parameter is absent. */
    String value(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    private static String decode(String encoded) throws ApiRefusedException {
        String decoded = PercentEncoding.decode(encoded.replace('+', ' '));
        if (decoded == null) {
            throw ApiRefusedException.invalid("the query must be percent-encoded UTF-8");
        }
        return decoded;
    }
}
