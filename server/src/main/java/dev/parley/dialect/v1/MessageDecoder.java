// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Bytes to messages. Strict about the envelope: one object, no key twice. What stands under {@code data} is any JSON of
 * depth up to 64, and stays the bytes it is.
 *
 * <p>Safe from any thread. A payload found is valid until the same thread decodes again.
 */
final class MessageDecoder {

    private static final int MAX_DATA_DEPTH = 64;
    private static final int MAX_REQUEST_ID_LENGTH = 128;

    private final JsonFactory json;
    private final ThreadLocal<byte[]> scratch;

    /** @param maxBytes size of the largest message that can arrive */
    MessageDecoder(int maxBytes) {
        this.scratch = ThreadLocal.withInitial(() -> new byte[maxBytes]);
        this.json = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // it is valid UTF-8, whatever it looks like
                .disable(
                        TokenStreamFactory.Feature
                                .FAIL_ON_SYMBOL_HASH_OVERFLOW) // names in data are the client's affair
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(1 + MAX_DATA_DEPTH)
                        .maxNameLength(maxBytes)
                        .maxNumberLength(maxBytes)
                        .maxStringLength(maxBytes)
                        .build())
                .build();
    }

    ClientMessage decode(Payload payload) {
        byte[] bytes = scratch.get();
        payload.copyTo(ByteBuffer.wrap(bytes));
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), bytes, 0, payload.length())) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    ? new Envelope(parser, bytes).read()
                    : new ClientMessage.Malformed();
        } catch (JacksonException e) {
            return new ClientMessage.Malformed();
        }
    }

    /** The fields of one message while they are read. */
    private static final class Envelope {

        private final JsonParser parser;
        private final byte[] bytes;
        private final EnumSet<Field> known = EnumSet.noneOf(Field.class);
        private @Nullable Set<String> unknown;
        private @Nullable String type;
        private @Nullable String requestId;
        private @Nullable String channel;
        private @Nullable String to;
        private @Nullable Payload data;
        private boolean wantsSenderMetadata;

        Envelope(JsonParser parser, byte[] bytes) {
            this.parser = parser;
            this.bytes = bytes;
        }

        ClientMessage read() {
            for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                Field field = Field.of(key);
                boolean isFirst = field == null ? isFirst(key) : known.add(field);
                if (!isFirst) {
                    return new ClientMessage.Malformed();
                }
                read(field, parser.nextToken());
            }
            boolean isWhole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return isWhole && isRequestIdGood() ? message() : new ClientMessage.Malformed();
        }

        private boolean isFirst(String unknownKey) {
            if (unknown == null) {
                unknown = new HashSet<>();
            }
            return unknown.add(unknownKey);
        }

        private boolean isRequestIdGood() {
            return requestId == null
                    ? !known.contains(Field.REQUEST_ID)
                    : !requestId.isEmpty() && requestId.length() <= MAX_REQUEST_ID_LENGTH;
        }

        private void read(@Nullable Field field, JsonToken token) {
            switch (field) {
                case TYPE -> type = text(token);
                case REQUEST_ID -> requestId = text(token);
                case CHANNEL -> channel = text(token);
                case TO -> to = text(token);
                case DATA -> data = slice();
                case INCLUDE_SENDER_METADATA -> {
                    wantsSenderMetadata = token == JsonToken.VALUE_TRUE;
                    parser.skipChildren();
                }
                case null -> parser.skipChildren();
            }
        }

        private ClientMessage message() {
            return switch (type) {
                case "send" -> new ClientMessage.Send(requestId, to, data);
                case "publish" -> new ClientMessage.Publish(requestId, channel, data);
                case "subscribe" -> new ClientMessage.Subscribe(requestId, channel, wantsSenderMetadata);
                case "unsubscribe" -> new ClientMessage.Unsubscribe(requestId, channel);
                case "ping" -> new ClientMessage.Ping();
                case null -> new ClientMessage.Malformed();
                default -> new ClientMessage.Unknown(requestId);
            };
        }

        private @Nullable String text(JsonToken token) {
            if (token == JsonToken.VALUE_STRING) {
                return parser.getString();
            }
            parser.skipChildren();
            return null;
        }

        /** The bytes of the value the parser stands at. */
        private Payload slice() {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int end = (int) parser.currentLocation().getByteOffset();
            return new Slice(bytes, start, end - start);
        }
    }

    /** The fields that mean something. */
    private enum Field {
        TYPE,
        REQUEST_ID,
        CHANNEL,
        TO,
        DATA,
        INCLUDE_SENDER_METADATA;

        static @Nullable Field of(String key) {
            return switch (key) {
                case "type" -> TYPE;
                case "requestId" -> REQUEST_ID;
                case "channel" -> CHANNEL;
                case "to" -> TO;
                case "data" -> DATA;
                case "includeSenderMetadata" -> INCLUDE_SENDER_METADATA;
                default -> null;
            };
        }
    }
}
