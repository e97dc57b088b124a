// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Connected clients that all join one room within a short time, and the presence they receive. */
final class JoinStormScenario extends BenchScenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final ByteBuf PEER =
            Unpooled.wrappedBuffer(SignalData.bytes("\"peerId\"")).asReadOnly();
    private static final ByteBuf LEFT =
            Unpooled.wrappedBuffer(SignalData.bytes("\"left\"")).asReadOnly();

    private Storm storm = new Storm(() -> {});

    JoinStormScenario(Props props) {
        super(props);
        crowd.make(props.first(), load.connections(), number -> "bench-storm", this);
    }

    @Override
    void prepare(Runnable ready) {
        crowd.bringIn(crowd.clients(), false, this, ready);
    }

    /** The same happens until the server is warm, and once more. */
    @Override
    void play(Runnable done) {
        warmUp(System.nanoTime() + load.warmUp().toNanos(), () -> {
            begin();
            storm(() -> {
                end();
                storm.report();
                done.run();
            });
        });
    }

    private void warmUp(long until, Runnable warm) {
        if (System.nanoTime() >= until) {
            warm.run();
            return;
        }
        storm(() -> {
            for (BenchClient client : crowd.clients()) {
                byte[] leave = crowd.protocol().leave(client);
                if (leave != null) {
                    client.say(leave);
                }
            }
            received();
            whenQuiet(() -> warmUp(until, warm));
        });
    }

    private void storm(Runnable over) {
        received();
        storm = new Storm(over);
        storm.join();
        storm.await();
    }

    @Override
    public void joined(BenchClient client) {
        received();
        storm.joined();
    }

    @Override
    public void presence(BenchClient client, ByteBuf bytes, int index, int length) {
        received();
        storm.told(client, bytes, index, length);
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

    /** All join, once. */
    private final class Storm {

        private final Runnable over;
        private final long start = System.nanoTime();
        private final int all = crowd.clients().size();
        private long frames;
        private long bytesTold;
        private int asked;
        private int joined;
        private int seenByLast;
        private long lastAcknowledgedAt;
        private long lastFullAt;

        Storm(Runnable over) {
            this.over = over;
        }

        void join() {
            double part = (double) (System.nanoTime() - start) / load.within().toNanos();
            for (int due = Math.min(all, (int) (part * all) + 1); asked < due; asked++) {
                crowd.join(crowd.clients().get(asked));
            }
            if (asked < all) {
                later(LOOK, this::join);
            }
        }

        void await() {
            boolean isLate = System.nanoTime() - start > PATIENCE.toNanos();
            if (isLate || isFull()) {
                whenQuiet(over);
            } else {
                later(LOOK, this::await);
            }
        }

        private boolean isFull() {
            return joined == all && seenByLast >= all - 1;
        }

        void joined() {
            joined++;
            tally.did();
            lastAcknowledgedAt = System.nanoTime();
        }

        void told(BenchClient client, ByteBuf bytes, int index, int length) {
            frames++;
            bytesTold += length;
            if (client == crowd.clients().getLast()) {
                seenByLast += count(bytes.slice(index, length));
                lastFullAt = isFull() && lastFullAt == 0 ? System.nanoTime() : lastFullAt;
            }
        }

        void report() {
            if (!isFull()) {
                tally.failed("the last one saw " + seenByLast + " others of " + (joined - 1));
            }
            tally.extra("presenceFrames", frames);
            tally.extra("presenceBytes", bytesTold);
            tally.extra("lastRosterMillis", TimeUnit.NANOSECONDS.toMillis(lastFullAt - lastAcknowledgedAt));
        }
    }
}
