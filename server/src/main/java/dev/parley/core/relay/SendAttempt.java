// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.Frame;
import dev.parley.core.session.Session;
import dev.parley.core.session.SignalOrigin;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A signal for a peer some of whose sessions are busy: its sender is answered once each of them has taken it, or was
 * busy for too long. Begun on the sender's loop, answered on those of the receivers.
 */
final class SendAttempt {

    private final Session from;
    private final String to;
    private final @Nullable String request;
    private final long sequence;
    private final SignalAnswers answers;

    /** Sessions that have not answered, and one while others may still be asked. */
    private final AtomicInteger open = new AtomicInteger(1);

    private final AtomicInteger missed = new AtomicInteger();

    /** Sessions of the receiver, known once all are asked. */
    private int receivers;

    SendAttempt(Session from, String to, @Nullable String request, long sequence, SignalAnswers answers) {
        this.from = from;
        this.to = to;
        this.request = request;
        this.sequence = sequence;
        this.answers = answers;
    }

    /** Asks one session to take the signal. Consumes one reference. */
    void request(Session receiver, Frame frame, @Nullable SignalOrigin origin) {
        open.incrementAndGet();
        receiver.inbox().request(frame, from, origin, this::answered);
    }

    /** All sessions that are busy have been asked; the others have taken the signal. */
    void begun(int all) {
        receivers = all;
        answered(true);
    }

    private void answered(boolean isTaken) {
        if (!isTaken) {
            missed.incrementAndGet();
        }
        if (open.decrementAndGet() == 0) {
            int misses = missed.get();
            from.loop().post(() -> answers.delivered(request, sequence, to, misses < receivers, misses > 0));
        }
    }
}
