// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The v1 protocol, see docs/protocol.md. */
class V1Protocol implements BenchProtocol {

    private static final String TYPE = "\"type\":\"";

    private static final Map<String, ServerWord> WORDS = Map.of(
            "welcome", ServerWord.WELCOME,
            "direct", ServerWord.SIGNAL,
            "message", ServerWord.SIGNAL,
            "presence", ServerWord.PRESENCE,
            "error", ServerWord.REFUSED);

    /** Request ids of signals; that of a subscription is another one. */
    private static final String SIGNAL_ID = "s-000001";

    private static final String JOIN_ID = "join";

    private static final ByteBuf JOIN =
            Unpooled.wrappedBuffer(SignalData.bytes("\"" + JOIN_ID + "\"")).asReadOnly();

    private final List<String> targets;
    private final String requestId;
    private final boolean acknowledges;

    /** @param credential {@code key} or {@code token} */
    V1Protocol(String credential, List<String> values, boolean acknowledges) {
        this.targets = values.stream()
                .map(value -> "/v1?" + credential + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8))
                .toList();
        this.acknowledges = acknowledges;
        this.requestId = acknowledges ? "\"requestId\":\"" + SIGNAL_ID + "\"," : "";
    }

    @Override
    public String target(BenchClient client) {
        return targets.get(client.number() % targets.size());
    }

    @Override
    public boolean welcomes() {
        return true;
    }

    @Override
    public byte[] join(BenchClient client) {
        return SignalData.bytes(
                "{\"type\":\"subscribe\",\"requestId\":\"" + JOIN_ID + "\",\"channel\":\"" + client.room() + "\"}");
    }

    @Override
    public byte[] leave(BenchClient client) {
        return SignalData.bytes("{\"type\":\"unsubscribe\",\"channel\":\"" + client.room() + "\"}");
    }

    @Override
    public byte[] signal(BenchClient from, BenchClient to, String data) {
        return SignalData.bytes(
                "{\"type\":\"send\"," + requestId + "\"to\":\"" + to.id() + "\",\"data\":" + data + "}");
    }

    @Override
    public byte[] publish(BenchClient from, String data) {
        return SignalData.bytes(
                "{\"type\":\"publish\"," + requestId + "\"channel\":\"" + from.room() + "\",\"data\":" + data + "}");
    }

    @Override
    public boolean acknowledges() {
        return acknowledges;
    }

    @Override
    public ServerWord handle(BenchClient client, ByteBuf bytes, int index, int length) {
        String type = type(bytes, index, length, members(client, bytes, index, length));
        if (type.equals("ack")) {
            return isOfJoin(bytes, index, length) ? ServerWord.JOINED : ServerWord.ACKNOWLEDGED;
        }
        ServerWord word = WORDS.getOrDefault(type, ServerWord.OTHER);
        if (word == ServerWord.WELCOME) {
            client.id(peerId(bytes, index, length));
        }
        return word;
    }

    /** Where the first member stands whose key says something. */
    int members(BenchClient client, ByteBuf bytes, int index, int length) {
        return index + 1;
    }

    /** Servers mostly write the type first; where one does not, the whole message is read. */
    private static String type(ByteBuf bytes, int index, int length, int members) {
        for (int i = 0; i < TYPE.length(); i++) {
            if (members + i >= index + length || bytes.getByte(members + i) != TYPE.charAt(i)) {
                return string(bytes, index, length, "type");
            }
        }
        int start = members + TYPE.length();
        return switch (bytes.getByte(start)) { // the two that count on the way of a message, without a string made
            case 'd' -> "direct";
            case 'm' -> "message";
            case 'a' -> "ack";
            default -> string(bytes, index, length, "type");
        };
    }

    private static boolean isOfJoin(ByteBuf bytes, int index, int length) {
        return ByteBufUtil.indexOf(JOIN, bytes.slice(index, length)) >= 0;
    }

    private static String peerId(ByteBuf bytes, int index, int length) {
        return string(bytes, index, length, "peerId");
    }

    private static String string(ByteBuf bytes, int index, int length, String key) {
        try {
            @Nullable
            String value =
                    JsonObject.read(ByteBufUtil.getBytes(bytes, index, length)).string(key);
            return value == null ? "" : value;
        } catch (JsonFault e) {
            return "";
        }
    }
}
