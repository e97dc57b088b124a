// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** v1 with sessions that outlive their sockets, see docs/continuity.md. These clients do not resume; they pay for being able to. */
final class ParleyV1Protocol extends V1Protocol {

    private static final String NUMBER = "{\"seq\":";

    /** The first number, so that all have as many digits: a frame made before only has them exchanged. */
    private static final long FIRST = 1_000_000_000;

    private static final int DIGITS = 10;

    /** Frames a client receives before it says so. */
    private static final int UNSAID = 64;

    private final String credential;

    ParleyV1Protocol(String kind, List<String> values, boolean acknowledges) {
        super(kind, values, acknowledges);
        String item = kind.equals("key") ? "key." : "bearer.";
        this.credential = item + values.getFirst();
    }

    @Override
    public String target(Client client) {
        return "/v1";
    }

    @Override
    public String headers(Client client) {
        return "Sec-WebSocket-Protocol: parley.v1, " + credential + "\r\n";
    }

    @Override
    public byte[] join(Client client) {
        return numbered(client, super.join(client));
    }

    @Override
    public byte[] leave(Client client) {
        return numbered(client, super.leave(client));
    }

    @Override
    public byte[] signal(Client from, Client to, String data) {
        return numbered(from, super.signal(from, to, data));
    }

    @Override
    public byte[] publish(Client from, String data) {
        return numbered(from, super.publish(from, data));
    }

    private static byte[] numbered(Client client, byte[] message) {
        byte[] number = SignalData.bytes(NUMBER + (FIRST + client.nextNumber()) + ",");
        byte[] numbered = new byte[number.length + message.length - 1];
        System.arraycopy(number, 0, numbered, 0, number.length);
        System.arraycopy(message, 1, numbered, number.length, message.length - 1);
        return numbered;
    }

    @Override
    public ByteBuf again(Client client, ByteBuf frame) {
        ByteBuf copy = frame.alloc()
                .directBuffer(frame.readableBytes())
                .writeBytes(frame, frame.readerIndex(), frame.readableBytes());
        int end = NUMBER.length() + DIGITS;
        long number = FIRST + client.nextNumber();
        for (int i = end - 1; i >= NUMBER.length(); i--) {
            ClientFrame.set(copy, i, (byte) ('0' + number % 10));
            number /= 10;
        }
        return copy;
    }

    @Override
    int members(Client client, ByteBuf bytes, int index, int length) {
        int at = index + NUMBER.length();
        if (length <= NUMBER.length() || bytes.getByte(index + 2) != 's') {
            return super.members(client, bytes, index, length);
        }
        long number = 0;
        for (int digit = bytes.getByte(at) - '0'; digit >= 0 && digit <= 9; digit = bytes.getByte(++at) - '0') {
            number = number * 10 + digit;
        }
        boolean isPresence = length > at - index + 10 && bytes.getByte(at + 9) == 'p';
        if (client.hasReceived() >= UNSAID || isPresence) { // presence: the last for long
            client.receivedAll();
            client.say(SignalData.bytes("{\"type\":\"received\",\"seq\":" + number + "}"));
        }
        return at + 1;
    }
}
