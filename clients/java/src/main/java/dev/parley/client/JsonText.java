// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Finds where values of JSON begin and end, and leaves them the text they are. Safe from any thread. */
final class JsonText {

    /** Data is at most 64 deep, and a roster's frame has it, or metadata, three deeper. */
    private static final JsonFactory FACTORY = factory(100);

    private static final int MAX_DATA_DEPTH = 64;
    private static final JsonFactory DATA_FACTORY = factory(MAX_DATA_DEPTH);

    private JsonText() {}

    /** Names of others' objects are not kept: there is no end of them. */
    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /** The members of an object, each value as its text. */
    static Map<String, String> members(String text) throws BrokenProtocolException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "no object");
            Map<String, String> members = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                require(members.put(name, value(parser, text)) == null, "a key twice");
            }
            require(parser.nextToken() == null, "more than an object");
            return members;
        } catch (JacksonException e) {
            throw new BrokenProtocolException("no JSON");
        }
    }

    /** The elements of an array, each as its text. */
    static List<String> elements(String text) throws BrokenProtocolException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            require(parser.nextToken() == JsonToken.START_ARRAY, "no array");
            List<String> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser, text));
            }
            return elements;
        } catch (JacksonException e) {
            throw new BrokenProtocolException("no JSON");
        }
    }

    /** Returns the value of a JSON string. */
    static String string(String text) throws BrokenProtocolException {
        require(text.startsWith("\""), "no string");
        if (text.indexOf('\\') < 0) {
            return text.substring(1, text.length() - 1);
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return parser.getString();
        } catch (JacksonException e) {
            throw new BrokenProtocolException("no JSON");
        }
    }

    /** Whether it is exactly one value, not deeper than data may be. */
    static boolean isData(String text) {
        try (JsonParser parser = DATA_FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Writes a string. */
    static StringBuilder quote(StringBuilder out, String text) {
        JsonStringEncoder.getInstance().quoteAsString(text, out.append('"'));
        return out.append('"');
    }

    /** The text of the value that the parser has begun. */
    private static String value(JsonParser parser, String text) {
        long start = parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        long end = parser.currentLocation().getCharOffset();
        return text.substring((int) start, (int) end);
    }

    private static void require(boolean isSo, String otherwise) throws BrokenProtocolException {
        if (!isSo) {
            throw new BrokenProtocolException(otherwise);
        }
    }
}
