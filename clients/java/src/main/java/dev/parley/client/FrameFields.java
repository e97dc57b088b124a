// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object the server said; each is read as what it should be, or is {@link BrokenProtocolException}.
 */
final class FrameFields {

    private static final Pattern WHOLE = Pattern.compile("[0-9]+");
    private static final int MOST_DIGITS = 18; // of which any number is a long

    private final Map<String, String> values;

    private FrameFields(Map<String, String> values) {
        this.values = values;
    }

    static FrameFields of(String text) throws BrokenProtocolException {
        return new FrameFields(JsonText.members(text));
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The value as it was written, null without one. */
    @Nullable
    String raw(String key) {
        return values.get(key);
    }

    String json(String key) throws BrokenProtocolException {
        String value = values.get(key);
        if (value == null) {
            throw new BrokenProtocolException("no " + key);
        }
        return value;
    }

    String text(String key) throws BrokenProtocolException {
        return JsonText.string(json(key));
    }

    @Nullable
    String textIfAny(String key) throws BrokenProtocolException {
        return has(key) ? text(key) : null;
    }

    /** A whole number that is not negative. One too large for a long is the largest there is. */
    long number(String key) throws BrokenProtocolException {
        String value = json(key);
        if (!WHOLE.matcher(value).matches()) {
            throw new BrokenProtocolException(key + " is no number");
        }
        return value.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(value);
    }

    boolean isTrue(String key) throws BrokenProtocolException {
        return switch (json(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BrokenProtocolException(key + " is neither true nor false");
        };
    }

    FrameFields object(String key) throws BrokenProtocolException {
        return of(json(key));
    }

    List<String> texts(String key) throws BrokenProtocolException {
        List<String> texts = new ArrayList<>();
        for (String element : JsonText.elements(json(key))) {
            texts.add(JsonText.string(element));
        }
        return List.copyOf(texts);
    }

    List<FrameFields> objects(String key) throws BrokenProtocolException {
        List<FrameFields> objects = new ArrayList<>();
        for (String element : JsonText.elements(json(key))) {
            objects.add(of(element));
        }
        return objects;
    }
}
