// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.KeepaliveSettings;
import dev.parley.rawclient.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client of v1 at the pipeline of production, without a socket: what it says is read where a channel reads, and what
 * it receives ends where a channel would write it, behind Netty's outbound buffer, and is counted there.
 *
 * <p>Tasks of its loop run when {@link #turn} is called. Of the channel's own methods only those that allocate nothing
 * are used: {@link EmbeddedChannel} would queue all data in both directions.
 */
final class Socketless extends EmbeddedChannel {

    private static final Pattern WELCOME = Pattern.compile("\"peerId\":\"([^\"]+)\"");

    private final NettyLoop loop;
    private final ByteBufAllocator allocator;

    /** Empty until it was welcomed. */
    private String peerId = "";

    private long told;

    private Socketless(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.loop = new NettyLoop(eventLoop());
        config().setAllocator(allocator);
    }

    /** Connects a client whose loop it is. */
    static Socketless connect(ListenerServices services, FrameEncoder encoder, ByteBufAllocator allocator) {
        Socketless client = new Socketless(allocator);
        client.open(services, encoder, client.loop);
        client.turn();
        return client;
    }

    /** Connects a client that lives on the loop of this one. */
    Socketless connectBeside(ListenerServices services, FrameEncoder encoder) {
        Socketless client = new Socketless(allocator);
        client.open(services, encoder, loop);
        turn();
        return client;
    }

    private void open(ListenerServices services, FrameEncoder encoder, NettyLoop home) {
        Function<Channel, NettyLoop> loops = it -> home;
        pipeline()
                .addLast(
                        new SocketPipeline(services, Unlimited.limits(), KeepaliveSettings.defaults(), loops, encoder));
        read(RawClient.handshake(OpenHouse.PATH, "Host: localhost").getBytes(StandardCharsets.US_ASCII));
    }

    /** What others address it by. */
    String peerId() {
        return peerId;
    }

    /** The client says this. */
    void read(byte[] bytes) {
        pipeline().fireChannelRead(allocator.directBuffer(bytes.length).writeBytes(bytes));
        pipeline().fireChannelReadComplete();
    }

    /** Runs the tasks that wait on its loop, on which other connections are welcomed too. */
    void turn() {
        runPendingTasks();
    }

    /** How many bytes it received since it was welcomed. */
    long told() {
        return told;
    }

    @Override
    protected void handleOutboundMessage(Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (peerId.isEmpty()) {
            Matcher welcome = WELCOME.matcher(bytes.toString(StandardCharsets.UTF_8));
            peerId = welcome.find() ? welcome.group(1) : "";
        } else {
            told += bytes.readableBytes();
        }
        bytes.release();
    }
}
