// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

/** Frame types of RFC 6455 section 5.2. */
final class FrameOpcode {

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private FrameOpcode() {}

    /** Control frames may come between the frames of a message, are short and whole. */
    static boolean isControl(int opcode) {
        return (opcode & 0x8) != 0;
    }
}
