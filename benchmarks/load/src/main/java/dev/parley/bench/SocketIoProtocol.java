// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Socket.IO over a WebSocket (Engine.IO 4), with a server that knows the events {@code join} and {@code signal}. */
final class SocketIoProtocol implements BenchProtocol {

    private static final byte[] CONNECT = {'4', '0'};
    private static final byte[] PONG = {'3'};
    private static final int EVENT_BYTES = 12; // enough to tell 42["joined" from 42["signal"

    @Override
    public String target(BenchClient client) {
        return "/socket.io/?EIO=4&transport=websocket";
    }

    @Override
    public boolean welcomes() {
        return true;
    }

    @Override
    public byte[] join(BenchClient client) {
        return SignalData.bytes("42[\"join\",\"" + client.room() + "\"]");
    }

    @Override
    public byte[] signal(BenchClient from, BenchClient to, String data) {
        return publish(from, data);
    }

    @Override
    public byte[] publish(BenchClient from, String data) {
        return SignalData.bytes("42[\"signal\",{\"room\":\"" + from.room() + "\",\"data\":" + data + "}]");
    }

    @Override
    public ServerWord handle(BenchClient client, ByteBuf bytes, int index, int length) {
        String begin = bytes.toString(index, Math.min(length, EVENT_BYTES), StandardCharsets.US_ASCII);
        if (begin.startsWith("42[\"signal")) {
            return ServerWord.SIGNAL;
        }
        if (begin.startsWith("42[\"joined")) {
            return ServerWord.JOINED;
        }
        if (begin.startsWith("40")) {
            return ServerWord.WELCOME;
        }
        if (begin.startsWith("0")) {
            client.say(CONNECT);
        } else if (begin.startsWith("2")) {
            client.say(PONG);
        }
        return begin.startsWith("44") ? ServerWord.REFUSED : ServerWord.OTHER;
    }
}
