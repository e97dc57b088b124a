// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.MessageLimits;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a client to whole messages (RFC 6455 section 5), for one connection, on its loop.
 *
 * <p>A message is unmasked into memory that all connections of the loop share. Nothing is held while no frame or
 * message is under way. Sizes are refused at the header, before anything is kept.
 */
final class FrameDecoder {

    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int OPCODE_BITS = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH_BITS = 0x7F;
    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;
    private static final int MASK_BYTES = 4;
    private static final int MAX_CONTROL_BYTES = 125;
    private static final int NO_CODE = 1005; // RFC 6455 section 7.1.5: a Close frame without a number

    /** Receives the decoded frames. It may {@link #stop} the decoder from within any call. */
    interface Reader {

        /** A whole message of valid UTF-8, borrowed for the call. */
        void text(Payload payload);

        /** A whole binary message, borrowed for the call. */
        void binary(Payload payload);

        /** A ping, to be answered with the same bytes. */
        void ping(Payload payload);

        /** The answer to a ping, or an unasked one. */
        void pong(Payload payload);

        /** The client's Close frame, 1005 if it gave no number. The decoder stopped. */
        void close(int number);

        /** The client broke a rule, and what follows cannot be understood. The decoder stopped. */
        void broken(CloseCode code);

        /** Whether nothing may be handled for now: the decoder keeps what follows for {@link #resume}. */
        default boolean isPaused() {
            return false;
        }

        /**
         * Sets how many bytes of memory the decoder holds for what is unfinished, 0 for none. Returns whether it may;
         * if not, the figure before stays, and the connection is closed.
         */
        default boolean hold(int bytes) {
            return true;
        }
    }

    private final MessageLimits limits;
    private final ByteBufAllocator allocator;
    private final Reader reader;

    /** Where payloads are unmasked to, one after the other; shared with the other connections of the loop. */
    private final byte[] scratch;

    /** What was read and not decoded: the beginning of a frame, and more behind it only if the reader paused. */
    private @Nullable ByteBuf undecoded;

    /** The fragments so far of a message whose last one has not arrived. */
    private @Nullable ByteBuf fragments;

    /** What {@link Reader#hold} was called with last. */
    private int heldBytes;

    private int fragmentCount;
    private boolean fragmentsAreText;
    private int fragmentsUtf8;
    private boolean stopped;

    /** @param scratch at least as long as the largest message that can arrive */
    FrameDecoder(MessageLimits limits, ByteBufAllocator allocator, byte[] scratch, Reader reader) {
        this.limits = limits;
        this.allocator = allocator;
        this.scratch = scratch;
        this.reader = reader;
    }

    /** Takes over what was read from the socket. */
    void decode(ByteBuf read) {
        if (undecoded == null) {
            decode(read, false);
        } else {
            ByteBuf longer;
            try {
                longer = undecoded.writeBytes(read); // may need more memory than there is
            } finally {
                read.release();
            }
            undecoded = null;
            decode(longer, true);
        }
    }

    /** Goes on with what was kept because the reader paused. */
    void resume() {
        if (undecoded != null) {
            ByteBuf kept = undecoded;
            undecoded = null;
            decode(kept, true);
        }
    }

    /** @param isOurs the bytes lie in a buffer that may be kept, so they need no copy */
    private void decode(ByteBuf bytes, boolean isOurs) {
        try {
            while (!stopped && !reader.isPaused() && decodeFrame(bytes)) {}
            if (!stopped && bytes.isReadable()) {
                undecoded = isOurs
                        ? bytes.retain().discardSomeReadBytes()
                        : allocator.buffer(bytes.readableBytes()).writeBytes(bytes);
            }
        } finally {
            bytes.release();
        }
        if (undecoded != null || fragments != null || heldBytes > 0) {
            countHeld();
        }
    }

    /** Counts memory and not messages: a buffer that has grown is up to twice as long as what it holds. */
    private void countHeld() {
        int bytes = (undecoded == null ? 0 : undecoded.capacity()) + (fragments == null ? 0 : fragments.capacity());
        if (reader.hold(bytes)) {
            heldBytes = bytes;
        } else {
            broken(CloseCode.SERVER_BUSY);
        }
    }

    /** Whether a message or frame has begun and not ended. While the reader pauses, it may have ended unseen. */
    boolean isUnfinished() {
        return undecoded != null || fragments != null;
    }

    /** Gives back what is held; whatever still arrives is dropped. */
    void stop() {
        stopped = true;
        if (undecoded != null) {
            undecoded.release();
            undecoded = null;
        }
        dropFragments();
        if (heldBytes > 0) {
            heldBytes = 0;
            reader.hold(0);
        }
    }

    /** Handles one frame, if it has arrived whole; false if there is nothing more to do for now. */
    private boolean decodeFrame(ByteBuf bytes) {
        int available = bytes.readableBytes();
        if (available < 2) {
            return false;
        }
        int start = bytes.readerIndex();
        int first = bytes.getByte(start);
        int second = bytes.getByte(start + 1);
        int opcode = first & OPCODE_BITS;
        boolean isLast = (first & FIN) != 0;
        int shortLength = second & LENGTH_BITS;
        CloseCode fault = headerFault(first, second, opcode, isLast, shortLength);
        if (fault != null) {
            return broken(fault);
        }
        int lengthBytes = shortLength == LENGTH_IN_8_BYTES ? 8 : shortLength == LENGTH_IN_2_BYTES ? 2 : 0;
        int headerBytes = 2 + lengthBytes + MASK_BYTES;
        if (available < 2 + lengthBytes) {
            return false;
        }
        long length = lengthBytes == 8
                ? bytes.getLong(start + 2)
                : lengthBytes == 2 ? bytes.getUnsignedShort(start + 2) : shortLength;
        if (length < 0) {
            return broken(Faults.LENGTH_SIGN);
        }
        if (isOverlong(length, lengthBytes)) {
            return broken(Faults.LENGTH);
        }
        if (!FrameOpcode.isControl(opcode)) {
            if (length > limits.wholeBytes() - fragmentBytes()) {
                return broken(Faults.TOO_BIG);
            }
            if (fragmentCount >= limits.fragments()) {
                return broken(Faults.TOO_MANY_FRAGMENTS);
            }
        }
        if (available < headerBytes + length) {
            return false;
        }
        int from = start + headerBytes;
        int size = (int) length;
        bytes.getBytes(from, scratch, 0, size);
        boolean isAscii = FrameMasking.unmask(scratch, size, bytes.getInt(from - MASK_BYTES));
        bytes.readerIndex(from + size);
        handle(opcode, isLast, new Payload(scratch, 0, size), isAscii);
        return true;
    }

    private @Nullable CloseCode headerFault(int first, int second, int opcode, boolean isLast, int shortLength) {
        if ((first & RESERVED_BITS) != 0) {
            return Faults.RESERVED_BITS;
        }
        if ((second & MASKED) == 0) {
            return Faults.UNMASKED;
        }
        return switch (opcode) {
            case FrameOpcode.CONTINUATION -> fragments == null ? Faults.NOTHING_TO_CONTINUE : null;
            case FrameOpcode.TEXT, FrameOpcode.BINARY -> fragments != null ? Faults.MESSAGE_IN_MESSAGE : null;
            case FrameOpcode.CLOSE, FrameOpcode.PING, FrameOpcode.PONG ->
                !isLast || shortLength > MAX_CONTROL_BYTES ? Faults.CONTROL_FRAME : null;
            default -> Faults.OPCODE;
        };
    }

    /** RFC 6455 section 5.2: the shortest of the three forms must be used. */
    private static boolean isOverlong(long length, int lengthBytes) {
        return lengthBytes == 8 ? length <= 0xFFFF : lengthBytes == 2 && length < LENGTH_IN_2_BYTES;
    }

    private void handle(int opcode, boolean isLast, Payload payload, boolean isAscii) {
        switch (opcode) {
            case FrameOpcode.PING -> reader.ping(payload);
            case FrameOpcode.PONG -> reader.pong(payload);
            case FrameOpcode.CLOSE -> handleClose(payload);
            case FrameOpcode.TEXT, FrameOpcode.BINARY -> {
                boolean isText = opcode == FrameOpcode.TEXT;
                if (isLast) {
                    handleWhole(isText, payload, isAscii);
                } else {
                    fragments = allocator.buffer(payload.length());
                    fragmentsAreText = isText;
                    fragmentsUtf8 = Utf8Validator.BOUNDARY;
                    handleFragment(fragments, false, payload);
                }
            }
            default -> {
                if (fragments != null) {
                    handleFragment(fragments, isLast, payload);
                }
            }
        }
    }

    private void handleWhole(boolean isText, Payload payload, boolean isAscii) {
        if (!isText) {
            reader.binary(payload);
        } else if (isAscii || validate(payload, Utf8Validator.BOUNDARY) == Utf8Validator.BOUNDARY) {
            reader.text(payload);
        } else {
            broken(Faults.UTF_8);
        }
    }

    private void handleFragment(ByteBuf message, boolean isLast, Payload fragment) {
        fragmentCount++;
        message.writeBytes(fragment.bytes(), fragment.offset(), fragment.length());
        if (fragmentsAreText) {
            fragmentsUtf8 = validate(fragment, fragmentsUtf8);
            if (fragmentsUtf8 == Utf8Validator.INVALID || (isLast && fragmentsUtf8 != Utf8Validator.BOUNDARY)) {
                broken(Faults.UTF_8);
                return;
            }
        }
        if (isLast) {
            fragments = null;
            fragmentCount = 0;
            Payload whole = new Payload(scratch, 0, message.readableBytes());
            message.readBytes(scratch, 0, whole.length()).release();
            if (fragmentsAreText) {
                reader.text(whole);
            } else {
                reader.binary(whole);
            }
        }
    }

    private void handleClose(Payload payload) {
        if (payload.length() == 0) {
            stop();
            reader.close(NO_CODE);
            return;
        }
        if (payload.length() == 1) {
            broken(Faults.CLOSE_CODE);
            return;
        }
        int number = ((payload.bytes()[0] & 0xFF) << 8) | (payload.bytes()[1] & 0xFF);
        if (!CloseCode.isSendable(number)) {
            broken(Faults.CLOSE_CODE);
        } else if (Utf8Validator.validate(scratch, Short.BYTES, payload.length(), Utf8Validator.BOUNDARY)
                != Utf8Validator.BOUNDARY) {
            broken(Faults.UTF_8);
        } else {
            stop();
            reader.close(number);
        }
    }

    private static int validate(Payload payload, int state) {
        return Utf8Validator.validate(payload.bytes(), payload.offset(), payload.offset() + payload.length(), state);
    }

    private boolean broken(CloseCode code) {
        stop();
        reader.broken(code);
        return false;
    }

    private int fragmentBytes() {
        return fragments == null ? 0 : fragments.readableBytes();
    }

    private void dropFragments() {
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
    }

    /** The ways to break the framing, each with the code RFC 6455 section 7.4.1 gives it. */
    private static final class Faults {
        static final CloseCode RESERVED_BITS = new CloseCode(1002, "reserved bits set");
        static final CloseCode UNMASKED = new CloseCode(1002, "frame not masked");
        static final CloseCode OPCODE = new CloseCode(1002, "reserved opcode");
        static final CloseCode LENGTH_SIGN = new CloseCode(1002, "length with its top bit set"); // section 5.2: 63 bits
        static final CloseCode LENGTH = new CloseCode(1002, "length not in its shortest form");
        static final CloseCode NOTHING_TO_CONTINUE = new CloseCode(1002, "continuation without a beginning");
        static final CloseCode MESSAGE_IN_MESSAGE = new CloseCode(1002, "message begins inside another");
        static final CloseCode CONTROL_FRAME = new CloseCode(1002, "control frame too long or fragmented");
        static final CloseCode CLOSE_CODE = new CloseCode(1002, "invalid close code");
        static final CloseCode UTF_8 = new CloseCode(1007, "invalid UTF-8");
        static final CloseCode TOO_BIG = new CloseCode(1009, "message too big");
        static final CloseCode TOO_MANY_FRAGMENTS = new CloseCode(1008, "too many fragments");

        private Faults() {}
    }
}
