// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;

/**
 * v1 with sessions that outlive their sockets, see docs/continuity.md. These clients do not resume; they pay for being
 * able to.
 */
final class ParleyV1Protocol extends V1Protocol {

    private static final String NUMBER = "{\"seq\":";

    /** Room for a number and the spaces behind it: in a frame made before only the number is exchanged. */
    private static final int DIGITS = 10;

    /** A client acknowledges after this many frames or bytes, whichever comes first. */
    private static final int UNSAID = 64;

    private static final int UNSAID_BYTES = 256 * 1024;

    private final String credential;

    ParleyV1Protocol(String kind, List<String> values, boolean acknowledges) {
        super(kind, values, acknowledges);
        String item = kind.equals("key") ? "key." : "bearer.";
        this.credential = item + values.getFirst();
    }

    @Override
    public String target(BenchClient client) {
        return "/v1";
    }

    @Override
    public String headers(BenchClient client) {
        return "Sec-WebSocket-Protocol: parley.v1, " + credential + "\r\n";
    }

    @Override
    public byte[] join(BenchClient client) {
        return unnumbered(super.join(client));
    }

    @Override
    public byte[] leave(BenchClient client) {
        return unnumbered(super.leave(client));
    }

    @Override
    public byte[] signal(BenchClient from, BenchClient to, String data) {
        return unnumbered(super.signal(from, to, data));
    }

    @Override
    public byte[] publish(BenchClient from, String data) {
        return unnumbered(super.publish(from, data));
    }

    /** Returns the message with room for its number, which is written when it is sent. */
    private static byte[] unnumbered(byte[] message) {
        byte[] begin = SignalData.bytes(NUMBER + " ".repeat(DIGITS) + ",");
        byte[] longer = Arrays.copyOf(begin, begin.length + message.length - 1);
        System.arraycopy(message, 1, longer, begin.length, message.length - 1);
        return longer;
    }

    @Override
    public ByteBuf say(BenchClient client, byte[] message) {
        ByteBuf frame = super.say(client, message);
        if (message[2] == NUMBER.charAt(2)) {
            number(client, frame);
        }
        return frame;
    }

    @Override
    public ByteBuf copy(BenchClient client, ByteBuf frame) {
        ByteBuf copy = frame.alloc()
                .directBuffer(frame.readableBytes())
                .writeBytes(frame, frame.readerIndex(), frame.readableBytes());
        number(client, copy);
        return copy;
    }

    private static void number(BenchClient client, ByteBuf frame) {
        String digits = Long.toString(client.numbers().next());
        for (int i = 0; i < digits.length(); i++) {
            ClientFrame.set(frame, NUMBER.length() + i, (byte) digits.charAt(i));
        }
    }

    @Override
    int members(BenchClient client, ByteBuf bytes, int index, int length) {
        int at = index + NUMBER.length();
        if (length <= NUMBER.length() || bytes.getByte(index + 2) != 's') {
            return super.members(client, bytes, index, length);
        }
        long number = 0;
        for (int digit = bytes.getByte(at) - '0'; digit >= 0 && digit <= 9; digit = bytes.getByte(++at) - '0') {
            number = number * 10 + digit;
        }
        boolean isPresence = length > at - index + 10 && bytes.getByte(at + 9) == 'p';
        client.numbers().received(length);
        if (client.numbers().isDue(UNSAID, UNSAID_BYTES) || isPresence) { // presence: the last for long
            client.numbers().acknowledged();
            client.say(SignalData.bytes("{\"type\":\"received\",\"seq\":" + number + "}"));
        }
        return at + 1;
    }
}
