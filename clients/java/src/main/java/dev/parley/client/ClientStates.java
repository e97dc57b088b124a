// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the conversation over all its connections: the states of docs/continuity.md. It is open while it
 * has a welcomed connection, else connecting. For the client's lock only.
 */
final class ClientStates implements WatchedSocket.Party {

    private static final String V1 = "v1";
    private static final String PARLEY_V1 = "parley.v1";
    private static final int NORMAL_CLOSE = 1000;

    private final boolean wantsContinuity;
    private final ClientLock exclusive;
    private final ListenerCalls audience;
    private final ConnectionDialer dialer;
    private final ApplicationRequests asking;
    private @Nullable ResumableSession session;
    private @Nullable WatchedSocket welcomed;
    private @Nullable FrameReceipts receipts;
    private boolean isClosed;

    ClientStates(ClientSettings settings, ClientLock exclusive, ListenerCalls audience) {
        this.wantsContinuity = settings.wantsContinuity();
        this.exclusive = exclusive;
        this.audience = audience;
        this.dialer = new ConnectionDialer(settings, exclusive, this, this::offer);
        this.asking = new ApplicationRequests(settings.maxRequests(), audience);
    }

    void start() {
        dialer.dial();
    }

    ApplicationRequests asking() {
        return asking;
    }

    void close() {
        if (!isClosed) {
            sayWhatIsUnsaid();
            finish(NORMAL_CLOSE, "");
        }
    }

    @Override
    public void received(WatchedSocket connection, String text) {
        ReceivedFrame arrival = FrameReader.read(text);
        try {
            if (welcomed != null) {
                handle(welcomed, arrival);
            } else if (arrival.frame() instanceof ServerFrame.Welcome welcome) {
                enter(connection, welcome);
            } else {
                connection.lose("the first frame is no welcome");
            }
        } catch (BrokenProtocolException e) {
            giveUp(connection, e.why());
        }
    }

    @Override
    public void ended(int code, String reason) {
        if (isClosed) {
            return;
        }
        boolean wasPlain = welcomed != null && session == null;
        leave();
        if (wasPlain) {
            asking.restart(SessionLostException.CONNECTION_LOST);
        }
        String why = describeEnd(code, reason);
        switch (CloseAftermath.of(code)) {
            case RESUME -> audience.tell(new Event.ConnectionLost(why, dialer.redial()));
            case RESUME_LATER -> audience.tell(new Event.ConnectionLost(why, dialer.redialLater()));
            case RENEW_LATER -> {
                loseSession(SessionLostException.SERVER_FAILED);
                audience.tell(new Event.ConnectionLost(why, dialer.redialLater()));
            }
            case STAY_AWAY -> finish(code, reason);
        }
    }

    /** Describes the end of a connection for people; never empty, as a socket may give no reason. */
    private static String describeEnd(int code, String reason) {
        if (code == ClientSocket.NO_CLOSE) {
            return reason.isEmpty() ? "the connection ended without a Close frame" : reason;
        }
        return code + " " + (reason.isEmpty() ? "without a reason" : reason);
    }

    private List<String> offer(Credential credential) {
        List<String> items = new ArrayList<>();
        if (wantsContinuity) {
            items.add(PARLEY_V1);
        }
        items.add(V1);
        items.add(credential.item());
        if (session != null) {
            items.add(session.item());
        }
        return List.copyOf(items);
    }

    private void enter(WatchedSocket connection, ServerFrame.Welcome welcome) throws BrokenProtocolException {
        ServerFrame.Terms terms = terms(connection, welcome);
        if (terms != null && terms.isResumed()) {
            resume(terms);
        } else {
            begin(terms);
        }
        connection.welcomed();
        welcomed = connection;
        tellWelcomed(welcome, terms);
        if (session != null) {
            receipts = new FrameReceipts(
                    exclusive, session.incoming(), through -> connection.send(ClientMessages.received(through)));
            if (terms != null && terms.isResumed()) {
                receipts.say();
            }
        }
        asking.open(connection, session != null, welcome.maxMessageSize());
    }

    /** What the welcome says of the session; null in v1. */
    private ServerFrame.@Nullable Terms terms(WatchedSocket connection, ServerFrame.Welcome welcome)
            throws BrokenProtocolException {
        if (!wantsContinuity || !connection.speaks(PARLEY_V1)) {
            return null;
        }
        if (welcome.terms() == null) {
            throw new BrokenProtocolException("a welcome without a session");
        }
        return welcome.terms();
    }

    private void resume(ServerFrame.Terms terms) throws BrokenProtocolException {
        if (session == null) {
            throw new BrokenProtocolException("resumed what was not offered");
        }
        session.resume(terms);
        asking.resumed(terms.received());
    }

    private void begin(ServerFrame.@Nullable Terms terms) {
        loseSession(terms == null ? SessionLostException.NOT_OFFERED : terms.reason());
        session = terms == null ? null : new ResumableSession(terms);
        asking.restore();
    }

    private void tellWelcomed(ServerFrame.Welcome welcome, ServerFrame.@Nullable Terms terms) {
        audience.tell(new Event.Welcomed(
                welcome.peerId(),
                terms != null,
                terms != null && terms.isResumed(),
                terms == null || terms.isResumed() ? null : terms.reason(),
                welcome.expiresAt(),
                welcome.metadata(),
                asking.takeUnsettled()));
    }

    private void handle(WatchedSocket connection, ReceivedFrame arrival) throws BrokenProtocolException {
        if (session == null || !arrival.frame().isNumbered()) {
            act(connection, arrival.frame());
            return;
        }
        switch (session.incoming().take(arrival.sequence())) {
            case ACT -> act(connection, arrival.frame());
            case IGNORE -> {
                return;
            }
            case GIVE_UP -> throw new BrokenProtocolException("a frame is missing");
        }
        if (receipts != null) {
            receipts.count(arrival.chars());
        }
    }

    private void act(WatchedSocket connection, ServerFrame frame) throws BrokenProtocolException {
        switch (frame) {
            case ServerFrame.Told told -> audience.tell(told.event());
            case ServerFrame.Ack ack -> asking.acknowledged(ack);
            case ServerFrame.Failure failure -> asking.failed(failure);
            case ServerFrame.Received received -> asking.received(received.through());
            case ServerFrame.Pong pong -> connection.pong();
            case ServerFrame.GoingAway goingAway -> dialer.advise(goingAway.retryAfterMs());
            case ServerFrame.Unknown unknown -> {}
            case ServerFrame.Welcome welcome -> throw new BrokenProtocolException("a second welcome");
            case ServerFrame.Unreadable unreadable -> throw new BrokenProtocolException(unreadable.why());
        }
    }

    /** Nothing is sure any more: the session ends with the connection. */
    private void giveUp(WatchedSocket connection, String why) {
        sayWhatIsUnsaid();
        connection.close(NORMAL_CLOSE);
        leave();
        loseSession(SessionLostException.SERVER_BROKEN);
        audience.tell(new Event.ConnectionLost("the server broke the protocol: " + why, dialer.redialLater()));
    }

    private void sayWhatIsUnsaid() {
        if (receipts != null) {
            receipts.sayWhatIsUnsaid();
        }
    }

    private void leave() {
        if (receipts != null) {
            receipts.stop();
        }
        receipts = null;
        welcomed = null;
        asking.leave();
    }

    private void loseSession(String reason) {
        session = null;
        asking.restart(reason);
    }

    private void finish(int code, String reason) {
        isClosed = true;
        leave();
        dialer.stop(NORMAL_CLOSE);
        asking.close();
        audience.tellLast(new Event.Closed(code, reason));
    }
}
