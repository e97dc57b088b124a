// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.ServerObserver;
import java.time.Duration;
import java.util.function.Consumer;

/** Sends calls to the store, and notices those that get no reply in time. On the node's loop. */
final class StoreCaller {

    /** How long a reply may take before the call counts as lost. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final StoreLink link;
    private final Loop loop;
    private final ServerObserver observer;

    StoreCaller(StoreLink link, Loop loop, ServerObserver observer) {
        this.link = link;
        this.loop = loop;
        this.observer = observer;
    }

    /** Sends a call. One of the two runs, once, on the loop. */
    void call(StoreCall call, Consumer<StoreReply> reply, Runnable noReply) {
        new OpenCall(name(call), reply, noReply).send(call);
    }

    private static String name(StoreCall call) {
        return switch (call) {
            case StoreCall.Begin begin -> "begin";
            case StoreCall.Decide decide -> "decide";
            case StoreCall.Read read -> "read";
            case StoreCall.Renew renew -> "renew";
            case StoreCall.Sweep sweep -> "sweep";
        };
    }

    private final class OpenCall {

        private final String name;
        private final Consumer<StoreReply> reply;
        private final Runnable noReply;
        private final LoopTimer patience;
        private final long since = loop.now();
        private boolean wasSent;
        private boolean isOver;

        OpenCall(String name, Consumer<StoreReply> reply, Runnable noReply) {
            this.name = name;
            this.reply = reply;
            this.noReply = noReply;
            this.patience = loop.schedule(PATIENCE, this::expire);
        }

        void send(StoreCall call) {
            wasSent = link.send(call, received -> loop.post(() -> replied(received)));
        }

        private void replied(StoreReply received) {
            if (!isOver) {
                isOver = true;
                patience.cancel();
                observer.storeCalled(name, loop.now() - since);
                reply.accept(received);
            }
        }

        private void expire() {
            if (!isOver) {
                isOver = true;
                if (wasSent) {
                    observer.storeCallUnanswered(name);
                }
                noReply.run();
            }
        }
    }
}
