// SPDX-License-Identifier: Apache-2.0
package dev.parley.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object read as a whole and strictly: no key twice, nothing behind it, valid UTF-8. Values stay the text they
 * are until they are asked for; asking for another type than there is ends in {@link JsonFault}.
 */
public final class JsonObject {

    private static final int MAX_DEPTH = 64;

    /** A whole number as JSON writes it, of at most the digits a long holds for certain. */
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

    private final Map<String, String> values;

    private JsonObject(Map<String, String> values) {
        this.values = values;
    }

    /** Reads UTF-8. */
    public static JsonObject read(byte[] utf8) throws JsonFault {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw new JsonFault("not valid UTF-8");
        }
        JsonScanner json = new JsonScanner(utf8, utf8.length, MAX_DEPTH);
        Map<String, String> values = new LinkedHashMap<>();
        try {
            json.skipSpace();
            json.expect('{');
            json.skipSpace();
            if (!json.take('}')) {
                do {
                    json.skipSpace();
                    String key = json.string();
                    json.skipSpace();
                    json.expect(':');
                    json.skipSpace();
                    int start = json.position();
                    json.skipValue();
                    String value = new String(utf8, start, json.position() - start, StandardCharsets.UTF_8);
                    if (values.put(key, value) != null) {
                        throw new JsonFault("a key stands twice in the JSON object");
                    }
                    json.skipSpace();
                } while (json.take(','));
                json.expect('}');
            }
            json.skipSpace();
        } catch (JsonScanner.NotJson e) {
            throw new JsonFault("not a JSON object");
        }
        if (!json.isAtEnd()) {
            throw new JsonFault("something stands behind the JSON object");
        }
        return new JsonObject(values);
    }

    /** Returns the keys of the object. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** Returns whether the object has the key, with any value. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The value as the text it is, null if the key is absent. */
    public @Nullable String json(String key) {
        return values.get(key);
    }

    /** A string, null if the key is absent. */
    public @Nullable String string(String key) throws JsonFault {
        String value = values.get(key);
        if (value == null) {
            return null;
        }
        if (!value.startsWith("\"")) {
            throw new JsonFault("\"" + key + "\" must be a string");
        }
        return unquote(value);
    }

    /** A whole number, empty if the key is absent. */
    public OptionalLong whole(String key) throws JsonFault {
        String value = values.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!WHOLE.matcher(value).matches()) {
            throw new JsonFault("\"" + key + "\" must be a whole number");
        }
        return OptionalLong.of(Long.parseLong(value));
    }

    /** An array of strings, null if the key is absent. */
    public @Nullable List<String> strings(String key) throws JsonFault {
        String value = values.get(key);
        if (value == null) {
            return null;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        JsonScanner json = new JsonScanner(utf8, utf8.length, MAX_DEPTH);
        List<String> strings = new ArrayList<>();
        try {
            json.expect('[');
            json.skipSpace();
            if (!json.take(']')) {
                do {
                    json.skipSpace();
                    strings.add(json.string());
                    json.skipSpace();
                } while (json.take(','));
                json.expect(']');
            }
        } catch (JsonScanner.NotJson e) {
            throw new JsonFault("\"" + key + "\" must be an array of strings");
        }
        return strings;
    }

    /** An object as text without space between its parts, null if the key is absent. */
    public @Nullable String object(String key) throws JsonFault {
        String value = values.get(key);
        if (value != null && !value.startsWith("{")) {
            throw new JsonFault("\"" + key + "\" must be an object");
        }
        return value == null ? null : compact(value);
    }

    /** Drops the space between the parts of valid JSON. */
    private static String compact(String json) {
        StringBuilder compact = new StringBuilder(json.length());
        boolean isInString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (isInString && c == '\\') {
                compact.append(c).append(json.charAt(++i));
                continue;
            }
            isInString ^= c == '"';
            if (isInString || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
                compact.append(c);
            }
        }
        return compact.toString();
    }

    private static String unquote(String json) throws JsonFault {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        try {
            return new JsonScanner(utf8, utf8.length, 0).string();
        } catch (JsonScanner.NotJson e) {
            throw new JsonFault("not a string");
        }
    }
}
