// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Payload;
import dev.parley.json.JsonScanner;
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

    static final int MAX_DATA_DEPTH = 64;
    private static final int MAX_REQUEST_ID_LENGTH = 128;
    private static final int MAX_DIGITS = 16;
    private static final long MAX_SEQUENCE = (1L << 53) - 1;

    private final ThreadLocal<Envelope> envelopes;

    /** @param isNumbered whether messages have numbers, and clients say what they received: parley.v1 */
    MessageDecoder(boolean isNumbered) {
        this.envelopes = ThreadLocal.withInitial(() -> new Envelope(isNumbered));
    }

    ClientMessage decode(Payload payload) {
        Envelope envelope = envelopes.get();
        try {
            return envelope.read(payload);
        } catch (JsonScanner.NotJson e) {
            return new ClientMessage.Malformed();
        } finally {
            envelope.forget();
        }
    }

    /** The fields of one message while they are read; used again for the next one of the thread. */
    private static final class Envelope {

        private final JsonScanner json = new JsonScanner(MAX_DATA_DEPTH);
        private byte[] bytes = {};
        private final EnumSet<Field> known = EnumSet.noneOf(Field.class);
        private @Nullable Set<String> unknown;
        private @Nullable Type type;
        private @Nullable String requestId;
        private @Nullable String channel;
        private @Nullable String to;
        private @Nullable String token;
        private @Nullable Payload data;
        private boolean wantsSenderMetadata;
        private long sequence;
        private final boolean isNumbered;

        Envelope(boolean isNumbered) {
            this.isNumbered = isNumbered;
        }

        ClientMessage read(Payload payload) throws JsonScanner.NotJson {
            bytes = payload.bytes();
            json.read(bytes, payload.offset(), payload.length());
            return read();
        }

        void forget() {
            known.clear();
            unknown = null;
            type = null;
            requestId = null;
            channel = null;
            to = null;
            token = null;
            data = null;
            wantsSenderMetadata = false;
            sequence = 0;
        }

        private ClientMessage read() throws JsonScanner.NotJson {
            json.skipSpace();
            json.expect('{');
            json.skipSpace();
            boolean isGood = json.take('}') || readFields();
            json.skipSpace();
            return isGood && json.isAtEnd() && isRequestIdGood() ? message() : new ClientMessage.Malformed();
        }

        /** Returns false if a key is repeated. */
        private boolean readFields() throws JsonScanner.NotJson {
            do {
                json.skipSpace();
                json.takeText();
                Field field = Field.of(json);
                if (!(field == null ? isFirst(json.text()) : known.add(field))) {
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
                case TYPE -> type = type();
                case REQUEST_ID -> requestId = text();
                case CHANNEL -> channel = text();
                case TO -> to = text();
                case TOKEN -> token = text();
                case SEQUENCE -> sequence = number();
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
                case SEND -> new ClientMessage.Send(requestId, sequence, to, data);
                case PUBLISH -> new ClientMessage.Publish(requestId, sequence, channel, data);
                case SUBSCRIBE -> new ClientMessage.Subscribe(requestId, sequence, channel, wantsSenderMetadata);
                case UNSUBSCRIBE -> new ClientMessage.Unsubscribe(requestId, sequence, channel);
                case REFRESH -> new ClientMessage.Refresh(requestId, sequence, token);
                case ICE_SERVERS -> new ClientMessage.IceServers(requestId, sequence);
                case PING -> new ClientMessage.Ping();
                case RECEIVED ->
                    isNumbered
                            ? new ClientMessage.Received(known.contains(Field.SEQUENCE) ? sequence : -1)
                            : new ClientMessage.Unknown(requestId, sequence);
                case UNKNOWN -> new ClientMessage.Unknown(requestId, sequence);
                case null -> new ClientMessage.Malformed();
            };
        }

        /** Returns the type; null if it is not a string. */
        private @Nullable Type type() throws JsonScanner.NotJson {
            if (json.isString()) {
                json.takeText();
                return Type.of(json);
            }
            json.skipValue();
            return null;
        }

        /** What the value says if it is a string, else null. */
        private @Nullable String text() throws JsonScanner.NotJson {
            if (json.isString()) {
                return json.string();
            }
            json.skipValue();
            return null;
        }

        /** Takes a value, and returns it if it is a whole number from 0 to {@link #MAX_SEQUENCE}, else -1. */
        private long number() throws JsonScanner.NotJson {
            int start = json.position();
            json.skipValue();
            int length = json.position() - start;
            return length <= MAX_DIGITS ? digits(start, length) : -1;
        }

        private long digits(int start, int length) {
            long value = 0;
            for (int i = start; i < start + length; i++) {
                int digit = bytes[i] - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                value = value * 10 + digit;
            }
            return value <= MAX_SEQUENCE ? value : -1;
        }

        private Payload slice() throws JsonScanner.NotJson {
            int start = json.position();
            json.skipValue();
            return new Payload(bytes, start, json.position() - start);
        }
    }

    /** The messages that mean something. */
    private enum Type {
        SEND("send"),
        PUBLISH("publish"),
        SUBSCRIBE("subscribe"),
        UNSUBSCRIBE("unsubscribe"),
        REFRESH("refresh"),
        ICE_SERVERS("ice_servers"),
        PING("ping"),
        RECEIVED("received"),
        UNKNOWN("");

        private static final Type[] ALL = values();

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** Returns the type whose name was just scanned. */
        static Type of(JsonScanner json) {
            for (Type type : ALL) {
                if (type != UNKNOWN && json.textIs(type.word)) {
                    return type;
                }
            }
            return UNKNOWN;
        }
    }

    /** The fields that mean something. */
    private enum Field {
        TYPE("type"),
        REQUEST_ID("requestId"),
        CHANNEL("channel"),
        TO("to"),
        TOKEN("token"),
        SEQUENCE("seq"),
        DATA("data"),
        INCLUDE_SENDER_METADATA("includeSenderMetadata");

        private static final Field[] ALL = values();

        private final String key;

        Field(String key) {
            this.key = key;
        }

        /** The one whose key was just taken, if any. */
        static @Nullable Field of(JsonScanner json) {
            for (Field field : ALL) {
                if (json.textIs(field.key)) {
                    return field;
                }
            }
            return null;
        }
    }
}
