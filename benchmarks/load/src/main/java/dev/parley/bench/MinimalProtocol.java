// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Whatever one says goes to the others of the room, which stands in the path. */
final class MinimalProtocol implements BenchProtocol {

    /** Longer than anything the server says itself. */
    private static final int MIN_SIGNAL_BYTES = 64;

    private final String key;

    /** @param key what a server asks for that has one */
    MinimalProtocol(String key) {
        this.key = URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    @Override
    public String target(BenchClient client) {
        return "/minimal/" + client.room() + "?key=" + key;
    }

    @Override
    public boolean welcomes() {
        return false;
    }

    @Override
    public byte[] signal(BenchClient from, BenchClient to, String data) {
        return SignalData.bytes(data);
    }

    @Override
    public byte[] publish(BenchClient from, String data) {
        return SignalData.bytes(data);
    }

    /** The size distinguishes the server's own few messages from signals. */
    @Override
    public ServerWord handle(BenchClient client, ByteBuf bytes, int index, int length) {
        return length >= MIN_SIGNAL_BYTES ? ServerWord.SIGNAL : ServerWord.OTHER;
    }
}
