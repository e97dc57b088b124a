// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.port.Frame;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.session.LastingSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes the welcome of one client.
 *
 * @param credential what the client presented
 */
record WelcomeFrames(V1Services services, Credential credential) {

    /**
     * Times are kept to a quarter of a second; a detached client is announced as away, and removed, in the loop's next
     * turns.
     */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** Returns the welcome of a client whose session ends with its socket. */
    Frame plain(Grant grant) {
        return services.messages().welcome(grant, metadata(grant), seconds(), messageBytes());
    }

    /**
     * Returns the welcome of a client whose session outlives its sockets.
     *
     * @param turn of the resume token it gets
     * @param reason why the session is a new one; null if it was resumed
     */
    Frame lasting(Grant grant, LastingSession session, int turn, @Nullable String reason) {
        SessionState state = state(grant, session, turn, reason);
        return services.messages().welcome(grant, metadata(grant), seconds(), messageBytes(), state);
    }

    /** Returns whom resume tokens are made for: a key that anyone has is no proof of a peer id, and a token is one. */
    String holder(Grant grant) {
        String subject = credential instanceof Credential.Key key
                ? "key " + key.id()
                : "sub " + grant.peer().id();
        return grant.app().id() + " " + subject;
    }

    private SessionState state(Grant grant, LastingSession session, int turn, @Nullable String reason) {
        ResumeTokens.Ticket ticket =
                new ResumeTokens.Ticket(session.id(), turn, grant.peer().id());
        String token = services.core().sessions().tokens().seal(ticket, holder(grant));
        Duration window = services.settings().services().continuity().window();
        Duration ghostBound = services.settings()
                .listeners()
                .keepalive()
                .ping()
                .plus(services.settings().listeners().keepalive().timeout())
                .plus(window)
                .plus(TOLERANCE);
        return new SessionState(
                session.id(),
                token,
                window,
                ghostBound,
                reason,
                session.receipts().received());
    }

    private @Nullable String metadata(Grant grant) {
        return WelcomeMetadata.of(grant, services.iceServers());
    }

    private long seconds() {
        return services.clock().instant().getEpochSecond();
    }

    private int messageBytes() {
        return services.settings().limits().message().dataBytes();
    }
}
