// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.HttpReply;
import dev.parley.core.port.Loop;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The reply to one request, which is given on any thread: while the request is handled, or later. */
final class PendingReply implements Consumer<HttpReply> {

    private final Loop loop;
    private final Consumer<HttpReply> late;
    private final AtomicReference<@Nullable HttpReply> reply = new AtomicReference<>();

    /** The party that arrived first, giver or taker; the second one finds it here. */
    private final AtomicReference<Party> first = new AtomicReference<>(Party.NONE);

    private enum Party {
        NONE,
        GIVER,
        TAKER
    }

    /** @param late gets a reply that was not there when it was to be taken, on the loop */
    PendingReply(Loop loop, Consumer<HttpReply> late) {
        this.loop = loop;
        this.late = late;
    }

    @Override
    public void accept(HttpReply given) {
        if (!reply.compareAndSet(null, given)) {
            throw new IllegalStateException("the request was answered before");
        }
        if (!first.compareAndSet(Party.NONE, Party.GIVER)) {
            loop.post(() -> late.accept(given));
        }
    }

    /** Returns the reply if it was given; else null, and it will be late. To be called once. */
    @Nullable
    HttpReply take() {
        return first.compareAndSet(Party.NONE, Party.TAKER) ? null : reply.get();
    }
}
