// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Connected clients that all join one room within a short time, and what they are told of one another. */
final class JoinStorm extends Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final ByteBuf PEER =
            Unpooled.wrappedBuffer(SignalData.bytes("\"peerId\"")).asReadOnly();
    private static final ByteBuf LEFT =
            Unpooled.wrappedBuffer(SignalData.bytes("\"left\"")).asReadOnly();

    private long frames;
    private long bytesTold;
    private int asked;
    private int joined;
    private int seenByLast;
    private long lastAcknowledgedAt;
    private long lastFullAt;

    JoinStorm(Props props) {
        super(props);
        crowd.make(props.first(), load.connections(), number -> "bench-storm", this);
    }

    @Override
    void prepare(Runnable ready) {
        crowd.bringIn(crowd.clients(), false, this, ready);
    }

    @Override
    void play(Runnable done) {
        begin();
        heard();
        long start = System.nanoTime();
        join(start);
        await(start + PATIENCE.toNanos(), done);
    }

    private void join(long start) {
        int all = crowd.clients().size();
        double part = (double) (System.nanoTime() - start) / load.within().toNanos();
        for (int due = Math.min(all, (int) (part * all) + 1); asked < due; asked++) {
            crowd.join(crowd.clients().get(asked));
        }
        if (asked < all) {
            later(LOOK, () -> join(start));
        }
    }

    private void await(long until, Runnable done) {
        boolean isDone = joined == crowd.clients().size() && seenByLast >= joined - 1;
        if (!isDone && System.nanoTime() < until) {
            later(Duration.ofMillis(10), () -> await(until, done));
            return;
        }
        whenQuiet(() -> {
            end();
            if (!isDone) {
                tally.failed("the last one saw " + seenByLast + " others of " + (joined - 1));
            }
            tally.extra("presenceFrames", frames);
            tally.extra("presenceBytes", bytesTold);
            tally.extra("lastRosterMillis", TimeUnit.NANOSECONDS.toMillis(lastFullAt - lastAcknowledgedAt));
            done.run();
        });
    }

    @Override
    public void joined(Client client) {
        heard();
        joined++;
        tally.did();
        lastAcknowledgedAt = System.nanoTime();
    }

    @Override
    public void presence(Client client, ByteBuf bytes, int index, int length) {
        heard();
        frames++;
        bytesTold += length;
        if (client == crowd.clients().getLast()) {
            seenByLast += count(bytes.slice(index, length));
            if (seenByLast >= crowd.clients().size() - 1 && lastFullAt == 0) {
                lastFullAt = System.nanoTime();
            }
        }
    }

    /** How many peers stand in it as joined. */
    private static int count(ByteBuf message) {
        int left = ByteBufUtil.indexOf(LEFT, message);
        ByteBuf joined = left < 0 ? message : message.slice(0, left);
        int count = 0;
        for (int at = ByteBufUtil.indexOf(PEER, joined); at >= 0; at = ByteBufUtil.indexOf(PEER, joined)) {
            count++;
            joined.readerIndex(at + PEER.readableBytes());
        }
        return count;
    }
}
