// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;
import java.util.function.Consumer;

/** Sends calls to the store, and notices those that get no reply in time. On the node's loop. */
final class StoreCaller {

    /** How long a reply may take. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final StoreLink link;
    private final Loop loop;

    StoreCaller(StoreLink link, Loop loop) {
        this.link = link;
        this.loop = loop;
    }

    /** Sends a call. One of the two runs, once, on the loop. */
    void call(StoreCall call, Consumer<StoreReply> reply, Runnable noReply) {
        new OpenCall(reply, noReply).send(call);
    }

    private final class OpenCall {

        private final Consumer<StoreReply> reply;
        private final Runnable noReply;
        private final LoopTimer patience;
        private boolean isOver;

        OpenCall(Consumer<StoreReply> reply, Runnable noReply) {
            this.reply = reply;
            this.noReply = noReply;
            this.patience = loop.schedule(PATIENCE, this::expire);
        }

        void send(StoreCall call) {
            link.send(call, received -> loop.post(() -> replied(received)));
        }

        private void replied(StoreReply received) {
            if (!isOver) {
                isOver = true;
                patience.cancel();
                reply.accept(received);
            }
        }

        private void expire() {
            if (!isOver) {
                isOver = true;
                noReply.run();
            }
        }
    }
}
