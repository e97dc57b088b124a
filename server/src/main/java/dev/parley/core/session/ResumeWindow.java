// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import dev.parley.core.port.Loop;
import dev.parley.core.port.LoopTimer;
import java.time.Duration;

/**
 * The time a session without a socket waits for its client to resume. It is open from its creation until {@link
 * #close}. On the session's loop.
 */
final class ResumeWindow {

    /** How long a client may be away before its absence is announced. */
    private static final Duration UNANNOUNCED = Duration.ofSeconds(2);

    private final SessionRegistry registry;
    private final LoopTimer announcement;
    private final LoopTimer expiry;
    private boolean isAnnounced;
    private boolean isClosed;

    /**
     * Opens the window.
     *
     * @param announce runs if the client is still away after a moment
     * @param expire runs if the client is still away at the end; it closes the window
     */
    ResumeWindow(SessionRegistry registry, Loop loop, Runnable announce, Runnable expire) {
        this.registry = registry;
        this.announcement = loop.schedule(UNANNOUNCED, () -> {
            isAnnounced = true;
            announce.run();
        });
        this.expiry = loop.schedule(
                registry.bounds().window(),
                () -> loop.defer(() -> {
                    if (!isClosed) {
                        expire.run();
                    }
                }));
        registry.countAway(1);
    }

    /** Closes the window: the client has resumed, or the session has ended. To be called once. */
    void close() {
        isClosed = true;
        announcement.cancel();
        expiry.cancel();
        registry.countAway(-1);
    }

    /** Returns whether the absence was announced. */
    boolean isAnnounced() {
        return isAnnounced;
    }
}
