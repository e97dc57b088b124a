// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;
import dev.parley.json.JsonScanner;
import dev.parley.json.Slice;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to messages. Strict about the envelope: one object, no key twice. What stands under {@code data} is any JSON of
 * depth up to 64, and stays the bytes it is.
 *
 * <p>Safe from any thread. A payload found is valid until the same thread decodes again.
 */
final class MessageDecoder {

    private static final int MAX_DATA_DEPTH = 64;
    private static final int MAX_REQUEST_ID_LENGTH = 128;

    private final ThreadLocal<byte[]> scratch;

    /** @param maxBytes size of the largest message that can arrive */
    MessageDecoder(int maxBytes) {
        this.scratch = ThreadLocal.withInitial(() -> new byte[maxBytes]);
    }

    ClientMessage decode(Payload payload) {
        byte[] bytes = scratch.get();
        payload.copyTo(ByteBuffer.wrap(bytes));
        try {
            return new Envelope(bytes, payload.length()).read();
        } catch (JsonScanner.NotJson e) {
            return new ClientMessage.Malformed();
        }
    }

    /** The fields of one message while they are read. */
    private static final class Envelope {

        private final byte[] bytes;
        private final JsonScanner json;
        private final EnumSet<Field> known = EnumSet.noneOf(Field.class);
        private @Nullable Set<String> unknown;
        private @Nullable String type;
        private @Nullable String requestId;
        private @Nullable String channel;
        private @Nullable String to;
        private @Nullable String token;
        private @Nullable Payload data;
        private boolean wantsSenderMetadata;

        Envelope(byte[] bytes, int length) {
            this.bytes = bytes;
            this.json = new JsonScanner(bytes, length, MAX_DATA_DEPTH);
        }

        ClientMessage read() throws JsonScanner.NotJson {
            json.skipSpace();
            json.expect('{');
            json.skipSpace();
            boolean isGood = json.take('}') || readFields();
            json.skipSpace();
            return isGood && json.isAtEnd() && isRequestIdGood() ? message() : new ClientMessage.Malformed();
        }

        /** False if a key comes twice. */
        private boolean readFields() throws JsonScanner.NotJson {
            do {
                json.skipSpace();
                String key = json.string();
                Field field = Field.of(key);
                if (!(field == null ? isFirst(key) : known.add(field))) {
                    return false;
                }
                json.skipSpace();
                json.expect(':');
                json.skipSpace();
                read(field);
                json.skipSpace();
            } while (json.take(','));
            json.expect('}');
            return true;
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

        private void read(@Nullable Field field) throws JsonScanner.NotJson {
            switch (field) {
                case TYPE -> type = text();
                case REQUEST_ID -> requestId = text();
                case CHANNEL -> channel = text();
                case TO -> to = text();
                case TOKEN -> token = text();
                case DATA -> data = slice();
                case INCLUDE_SENDER_METADATA -> {
                    wantsSenderMetadata = json.takeWord("true");
                    if (!wantsSenderMetadata) {
                        json.skipValue();
                    }
                }
                case null -> json.skipValue();
            }
        }

        private ClientMessage message() {
            return switch (type) {
                case "send" -> new ClientMessage.Send(requestId, to, data);
                case "publish" -> new ClientMessage.Publish(requestId, channel, data);
                case "subscribe" -> new ClientMessage.Subscribe(requestId, channel, wantsSenderMetadata);
                case "unsubscribe" -> new ClientMessage.Unsubscribe(requestId, channel);
                case "refresh" -> new ClientMessage.Refresh(requestId, token);
                case "ping" -> new ClientMessage.Ping();
                case null -> new ClientMessage.Malformed();
                default -> new ClientMessage.Unknown(requestId);
            };
        }

        /** What the value says if it is a string, else null. */
        private @Nullable String text() throws JsonScanner.NotJson {
            if (json.isString()) {
                return json.string();
            }
            json.skipValue();
            return null;
        }

        private Payload slice() throws JsonScanner.NotJson {
            int start = json.position();
            json.skipValue();
            return new Slice(bytes, start, json.position() - start);
        }
    }

    /** The fields that mean something. */
    private enum Field {
        TYPE,
        REQUEST_ID,
        CHANNEL,
        TO,
        TOKEN,
        DATA,
        INCLUDE_SENDER_METADATA;

        static @Nullable Field of(String key) {
            return switch (key) {
                case "type" -> TYPE;
                case "requestId" -> REQUEST_ID;
                case "channel" -> CHANNEL;
                case "to" -> TO;
                case "token" -> TOKEN;
                case "data" -> DATA;
                case "includeSenderMetadata" -> INCLUDE_SENDER_METADATA;
                default -> null;
            };
        }
    }
}
