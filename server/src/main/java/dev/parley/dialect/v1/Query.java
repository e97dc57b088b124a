// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Credential;
import dev.parley.core.port.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The credential in a request: {@code token} counts before {@code key}; other parameters are ignored. */
final class Query {

    private Query() {}

    static Credential credential(Request request) {
        String token = parameter(request.query(), "token");
        if (token != null) {
            return new Credential.Token(token);
        }
        String key = parameter(request.query(), "key");
        return key != null ? new Credential.Key(key) : new Credential.None();
    }

    /** The value of the first parameter of that name, decoded, empty if it cannot be; null if there is none. */
    private static @Nullable String parameter(String query, String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name) && pair.startsWith("=", name.length())) {
                try {
                    return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    return "";
                }
            }
        }
        return null;
    }
}
