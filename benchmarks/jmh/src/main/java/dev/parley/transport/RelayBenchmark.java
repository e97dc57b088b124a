// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.microbench.Measured;
import dev.parley.microbench.Messages;
import dev.parley.rawclient.RawClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The whole way of a message of 1 KB from one peer to another on the same loop: from its masked frame in a buffer of
 * the pool, through the handler, JSON, grant and relay, to bytes flushed to the receiver, or to both if it is
 * acknowledged.
 *
 * <p>In the figures, and in the heap figures of {@code -prof gc}, are all seven stops of docs/architecture.md, the
 * copy into the buffer, and Netty's pipeline and outbound buffer. Not in them are system calls, what Netty allocates
 * around those, and the wake of the loop; {@code RelayAllocationTest} has these. The payload itself is never on the
 * heap but in the array where a loop reads JSON, which is made once.
 */
public class RelayBenchmark extends Measured {

    @Param({"false", "true"})
    public boolean isAcknowledged;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final FrameEncoder encoder = new FrameEncoder(allocator);
    private final ListenerServices services = OpenHouse.services(new WebSocketFrames(encoder));
    private final Socketless sender = Socketless.connect(services, encoder, allocator);
    private final Socketless receiver = sender.connectBeside(services, encoder);
    private byte[] frame = {};

    @Setup
    public void address() {
        String to = receiver.peerId();
        frame = RawClient.textFrame(isAcknowledged ? Messages.acknowledgedSend(to) : Messages.send(to));
        long before = receiver.told();
        send();
        if (receiver.told() - before < Messages.BYTES / 2) {
            throw new IllegalStateException("nothing arrived");
        }
    }

    @Benchmark
    public long send() {
        sender.read(frame);
        sender.turn();
        return receiver.told();
    }
}
