// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.channel.Channel;

/**
 * Decides whether a connection reads from its client, and counts the holds that pause it. For the connection's loop
 * only.
 *
 * <p>Reading is on while there is no hold, and always once the connection ends, because its last frame is read then.
 * When the last hold goes, the pipeline of the channel gets the event {@link Event#OPENED}.
 */
final class ReadingGate {

    /** What the pipeline of the channel is notified of. */
    enum Event {
        /** Messages may be handled again. Fired from a task of the loop, never from within a read. */
        OPENED
    }

    private final Channel channel;
    private final NettyLoop loop;
    private int holds;
    private int changes;
    private boolean isEnding;

    ReadingGate(Channel channel, NettyLoop loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /** Whether no message may be handled, not even one that was read already. */
    boolean isHeld() {
        return holds > 0 && !isEnding;
    }

    /** How often a pause has begun or ended. */
    int changes() {
        return changes;
    }

    void hold() {
        if (holds++ == 0) {
            changes++;
            update();
        }
    }

    /** Takes back one hold. */
    void release() {
        if (holds == 0) {
            throw new IllegalStateException("reading is not paused");
        }
        if (--holds == 0) {
            opened();
        }
    }

    /** Ends all pauses: nothing pauses reading any more. */
    void end() {
        boolean wasHeld = isHeld();
        isEnding = true;
        if (wasHeld) {
            opened();
        } else {
            update();
        }
    }

    private void opened() {
        changes++;
        update();
        loop.post(() -> channel.pipeline().fireUserEventTriggered(Event.OPENED));
    }

    private void update() {
        channel.config().setAutoRead(isEnding || holds == 0);
    }
}
