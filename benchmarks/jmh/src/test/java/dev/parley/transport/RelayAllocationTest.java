// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.microbench.Messages;
import dev.parley.rawclient.RawClient;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What the loop of a server puts on its heap for a message of 1 KB from one peer to another, over real sockets, with
 * the flags of the server and Netty's leak detection as it is in production. The payload is not counted: it stays in
 * buffers outside.
 */
class RelayAllocationTest {

    /** Besides the payload, which is in none of it. */
    private static final long MOST_BYTES = 240;

    /** Messages in one look. Between looks more of the loop's code is compiled, and less is allocated. */
    private static final int MESSAGES = 5_000;

    /** By then everything is compiled. On a busy machine that takes long, and few messages are sent meanwhile. */
    private static final int MOST_MESSAGES = 300_000;

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** One message is under way at a time, so each pays for its own turn of the loop: the dearest case. */
    @Test
    void aRelayedMessageAllocatesNoMoreThanItsBoundOfBytes() throws IOException {
        KeepaliveSettings unasked = new KeepaliveSettings(Duration.ofHours(1), Duration.ofMinutes(1));
        try (NettyTransport transport =
                new NettyTransport(Unlimited.limits(), unasked, DrainSettings.defaults(), 1, Epoll.isAvailable())) {
            int port = transport.listen(
                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                    OpenHouse.services(transport.frames()));
            try (RawClient sender = RawClient.open(port, OpenHouse.PATH);
                    RawClient receiver = RawClient.open(port, OpenHouse.PATH)) {
                sender.read();
                byte[] frame = RawClient.textFrame(Messages.send(peerId(receiver.read())));

                assertThat(bytesOnceCompiled(sender, receiver, frame)).isLessThanOrEqualTo(MOST_BYTES);
            }
        }
    }

    /** The figure of the first look within the bound, else the lowest of all. */
    private static long bytesOnceCompiled(RawClient sender, RawClient receiver, byte[] frame) {
        long begin = System.nanoTime();
        long lowest = Long.MAX_VALUE;
        for (int sent = 0;
                lowest > MOST_BYTES && sent < MOST_MESSAGES && System.nanoTime() - begin < PATIENCE_NANOS;
                sent += MESSAGES) {
            long before = allocatedByLoop();
            for (int i = 0; i < MESSAGES; i++) {
                sender.send(frame);
                assertThat(receiver.read().length()).isGreaterThan(Messages.BYTES / 2);
            }
            long each = (allocatedByLoop() - before) / MESSAGES;
            System.out.println(each + " bytes a message");
            lowest = Math.min(lowest, each);
        }
        return lowest;
    }

    /** Of all loops there are, of which one has something to do. */
    private static long allocatedByLoop() {
        long bytes = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("loop-")) {
                bytes += THREADS.getThreadAllocatedBytes(thread.threadId());
            }
        }
        return bytes;
    }

    private static String peerId(String welcome) {
        return welcome.replaceFirst(".*\"peerId\":\"", "").replaceFirst("\".*", "");
    }
}
