// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/** One client publishes, all others of its room hear it. The next follows when one has arrived everywhere. */
final class FanoutScenario extends BenchScenario {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final int first;
    private final long[] sentAt;
    private final long[] heard;
    private ByteBuf frame = Unpooled.EMPTY_BUFFER;
    private long published;
    private long deliveries;
    private boolean isStopping;

    FanoutScenario(Props props) {
        super(props);
        this.first = props.first();
        this.sentAt = new long[load.window()];
        this.heard = new long[load.connections()];
        crowd.make(first, load.connections(), number -> "bench-fanout-" + first, this);
    }

    @Override
    void prepare(Runnable ready) {
        crowd.bringIn(
                crowd.clients(),
                true,
                this,
                () -> whenQuiet(() -> {
                    BenchClient publisher = crowd.clients().getFirst();
                    byte[] publication = crowd.protocol().publish(publisher, load.data());
                    if (publication == null) {
                        throw new IllegalStateException("the protocol cannot publish");
                    }
                    frame = publisher.frame(publication);
                    ready.run();
                }));
    }

    @Override
    void play(Runnable done) {
        for (int i = 0; i < load.window(); i++) {
            publish();
        }
        measure(() -> {
            isStopping = true;
            later(PATIENCE, () -> {
                tally.lost(published * receivers() - deliveries);
                done.run();
            });
        });
    }

    private void publish() {
        sentAt[(int) (published % sentAt.length)] = System.nanoTime();
        published++;
        BenchClient publisher = crowd.clients().getFirst();
        publisher.sendCopy(frame);
    }

    private int receivers() {
        return crowd.clients().size() - 1;
    }

    @Override
    public void signal(BenchClient client) {
        int place = client.number() - first;
        tally.took(sentAt[(int) (heard[place] % sentAt.length)]);
        heard[place]++;
        tally.did();
        deliveries++;
        if (deliveries % receivers() == 0 && !isStopping) {
            publish();
        }
    }
}
