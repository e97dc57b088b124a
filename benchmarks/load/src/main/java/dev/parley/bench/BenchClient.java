// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One client: its socket, and where it stands in the protocol it speaks. May connect again after it was lost. */
@SuppressWarnings("ReferenceEquality") // a channel is nothing but itself
final class BenchClient extends ChannelInboundHandlerAdapter {

    private static final byte[] CLOSE_NORMALLY = {0x03, (byte) 0xE8}; // 1000
    private static final ByteBuf HEAD_END =
            Unpooled.wrappedBuffer(SignalData.bytes("\r\n\r\n")).asReadOnly();
    private static final String SWITCHING = "HTTP/1.1 101";

    private final int number;
    private final BenchProtocol protocol;
    private final WriteBatch outbox;
    private final SequenceNumbers numbers = new SequenceNumbers();
    private FrameListener audience;
    private String room;
    private String id = "";
    private @Nullable Channel channel;
    private Stage stage = Stage.APART;

    /** What was read of a message whose end has not arrived. */
    private @Nullable ByteBuf unfinished;

    /** Something was written that is to be flushed. */
    private boolean isDirty;

    private enum Stage {
        APART,
        CONNECTING,
        UPGRADING,
        OPENING,
        OPEN
    }

    BenchClient(int number, String room, BenchProtocol protocol, WriteBatch outbox, FrameListener audience) {
        this.number = number;
        this.room = room;
        this.protocol = protocol;
        this.outbox = outbox;
        this.audience = audience;
    }

    int number() {
        return number;
    }

    String room() {
        return room;
    }

    /** Sets the room for the next connection. */
    void room(String other) {
        room = other;
    }

    /** By which others address it, once it is known. */
    String id() {
        return id;
    }

    void id(String known) {
        id = known;
    }

    /** The numbers of its connection, where the protocol has any. */
    SequenceNumbers numbers() {
        return numbers;
    }

    /** Sends a copy of this frame, which stays the caller's. */
    void sendCopy(ByteBuf frame) {
        say(protocol.copy(this, frame));
    }

    /** Sets the listener for all events from now on. */
    void audience(FrameListener other) {
        audience = other;
    }

    /** Whether it is connected and let in. */
    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    /** Notes that a connection is being made. */
    void connecting() {
        stage = Stage.CONNECTING;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        String target = protocol.target(this);
        if (target == null) {
            stage = Stage.OPENING;
            write(Unpooled.wrappedBuffer(TcpProtocol.pair(this)));
        } else {
            stage = Stage.UPGRADING;
            write(Unpooled.wrappedBuffer(
                    SignalData.bytes("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key:"
                            + " dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + protocol.headers(this) + "\r\n")));
        }
    }

    /** Returns true, as one handler is used in one pipeline after another. */
    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (ctx.channel() != channel) {
            read.release(); // of a connection that was given up
            return;
        }
        ByteBuf bytes = unfinished == null ? read : unfinished.writeBytes(read);
        if (unfinished != null) {
            read.release();
            unfinished = null;
        }
        try {
            while (bytes.isReadable() && stage != Stage.APART && handle(bytes)) {}
            if (bytes.isReadable() && stage != Stage.APART) {
                unfinished = bytes.alloc().buffer(bytes.readableBytes() * 2).writeBytes(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ctx.channel() == channel) {
            lose("the server closed the connection");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ctx.channel() == channel) {
            lose(String.valueOf(cause));
        }
        ctx.close();
    }

    /** Says something, at the end of this turn. */
    void say(byte[] message) {
        say(protocol.say(this, message));
    }

    /** Sends a frame that was made before, and consumes one reference. Without a connection nothing is sent. */
    void say(ByteBuf frame) {
        if (channel == null) {
            frame.release();
        } else {
            write(frame);
        }
    }

    /** What it would say each time: frames of the protocol, or bare bytes where it has none. */
    ByteBuf frame(byte[] message) {
        return protocol instanceof TcpProtocol
                ? Unpooled.directBuffer(message.length).writeBytes(message)
                : ClientFrame.of(ClientFrame.TEXT, message);
    }

    /** Ends the connection in the way browsers do; {@link FrameListener#lost} follows. */
    void leave() {
        if (protocol instanceof TcpProtocol) {
            drop();
        } else {
            say(ClientFrame.of(ClientFrame.CLOSE, CLOSE_NORMALLY));
        }
    }

    /** Ends the connection without a Close frame, and without an event. */
    void drop() {
        stage = Stage.APART;
        numbers.reset();
        if (channel != null) {
            channel.close();
            channel = null;
        }
        if (unfinished != null) {
            unfinished.release();
            unfinished = null;
        }
    }

    /** Sends out what was written. Called by the {@link WriteBatch}. */
    void flush() {
        isDirty = false;
        if (channel != null) {
            channel.flush();
        }
    }

    private void write(ByteBuf bytes) {
        Channel open = requireNonNull(channel);
        open.write(bytes, open.voidPromise());
        if (!isDirty) {
            isDirty = true;
            outbox.add(this);
        }
    }

    /** Takes one message; false if it has not arrived whole. */
    private boolean handle(ByteBuf bytes) {
        return switch (stage) {
            case UPGRADING -> hearUpgrade(bytes);
            case OPENING, OPEN -> protocol instanceof TcpProtocol tcp ? hearBare(tcp, bytes) : hearFrame(bytes);
            case APART, CONNECTING -> false;
        };
    }

    private boolean hearUpgrade(ByteBuf bytes) {
        int end = ByteBufUtil.indexOf(HEAD_END, bytes);
        if (end < 0) {
            return false;
        }
        String head = bytes.toString(bytes.readerIndex(), end - bytes.readerIndex(), StandardCharsets.ISO_8859_1);
        if (!head.startsWith(SWITCHING)) {
            lose("no WebSocket: " + head.lines().findFirst().orElse(""));
            return false;
        }
        bytes.readerIndex(end + HEAD_END.readableBytes());
        if (protocol.welcomes()) {
            stage = Stage.OPENING;
        } else {
            open();
        }
        return true;
    }

    private boolean hearBare(TcpProtocol tcp, ByteBuf bytes) {
        int length = stage == Stage.OPENING ? 1 : tcp.messageBytes();
        if (bytes.readableBytes() < length) {
            return false;
        }
        int index = bytes.readerIndex();
        bytes.skipBytes(length);
        handle(bytes, index, length);
        return true;
    }

    private boolean hearFrame(ByteBuf bytes) {
        int available = bytes.readableBytes();
        int index = bytes.readerIndex();
        if (available < 2) {
            return false;
        }
        int opcode = bytes.getByte(index) & 0x0F;
        int shortLength = bytes.getByte(index + 1) & 0x7F;
        int header = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
        if (available < header) {
            return false;
        }
        long length = shortLength < 126
                ? shortLength
                : shortLength == 126 ? bytes.getUnsignedShort(index + 2) : bytes.getLong(index + 2);
        if (available < header + length) {
            return false;
        }
        int payload = index + header;
        bytes.readerIndex((int) (payload + length));
        switch (opcode) {
            case ClientFrame.CLOSE -> lose("the server closed: " + ClientFrame.closing(bytes, payload, (int) length));
            case ClientFrame.PING ->
                say(ClientFrame.of(ClientFrame.PONG, ByteBufUtil.getBytes(bytes, payload, (int) length)));
            case ClientFrame.PONG -> {}
            default -> handle(bytes, payload, (int) length);
        }
        return true;
    }

    private void handle(ByteBuf bytes, int index, int length) {
        switch (protocol.handle(this, bytes, index, length)) {
            case SIGNAL -> audience.signal(this);
            case ACKNOWLEDGED -> audience.acknowledged(this);
            case PRESENCE -> audience.presence(this, bytes, index, length);
            case WELCOME -> open();
            case JOINED -> audience.joined(this);
            case REFUSED -> lose(bytes.toString(index, length, StandardCharsets.UTF_8));
            case OTHER -> {}
        }
    }

    private void open() {
        if (stage != Stage.OPEN) {
            stage = Stage.OPEN;
            audience.opened(this);
        }
    }

    /** There is no connection, or none any more. */
    void lose(String why) {
        if (stage != Stage.APART) {
            drop();
            audience.lost(this, why);
        }
    }
}
