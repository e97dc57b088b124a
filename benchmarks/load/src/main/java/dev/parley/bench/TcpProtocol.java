// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Bare TCP, the floor under every server: a forwarder couples two sockets that name the same pair, tells both by one
 * byte, and from then on passes on what it reads. Messages have one size and no frame.
 */
final class TcpProtocol implements BenchProtocol {

    private final int messageBytes;

    /** @param messageBytes the size of every message */
    TcpProtocol(int messageBytes) {
        this.messageBytes = messageBytes;
    }

    @Override
    public @Nullable String target(BenchClient client) {
        return null;
    }

    @Override
    public boolean welcomes() {
        return true;
    }

    /** Eight hexadecimal digits; what the forwarder wants to hear first. */
    static byte[] pair(BenchClient client) {
        return SignalData.bytes("%08x".formatted(client.number() / 2));
    }

    /** Returns the size of every message. */
    int messageBytes() {
        return messageBytes;
    }

    @Override
    public byte[] signal(BenchClient from, BenchClient to, String data) {
        return SignalData.bytes(data);
    }

    @Override
    public ServerWord handle(BenchClient client, ByteBuf bytes, int index, int length) {
        return length == messageBytes ? ServerWord.SIGNAL : ServerWord.WELCOME;
    }
}
