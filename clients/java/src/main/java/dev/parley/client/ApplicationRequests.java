// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the application asks for, from the call to the answer: kept, sent where there is a connection, settled. And what
 * it is subscribed to. For the client's lock only.
 */
final class ApplicationRequests {

    private final ListenerCalls audience;
    private final PendingRequests requests;

    /** Subscriptions, by channel. */
    private final SequencedMap<String, RequestPurpose.Subscribe> held = new LinkedHashMap<>();

    /** The connection that requests are sent on; null while the client is not connected. */
    private @Nullable WatchedSocket connection;

    private boolean isNumbered;
    private long maxDataBytes;
    private long lastId;
    private int unsettled;
    private boolean isClosed;

    /** @param most how many requests may be open */
    ApplicationRequests(int most, ListenerCalls audience) {
        this.requests = new PendingRequests(most);
        this.audience = audience;
    }

    /**
     * Makes a request and returns its answer, which completes with its number, or with the end of the token it brought.
     *
     * @param body makes it of an id
     */
    CompletableFuture<Long> ask(RequestPurpose purpose, UnaryOperator<String> body, int dataBytes) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        String id = nextId();
        PendingRequest request = new PendingRequest(id, purpose, body.apply(id), dataBytes, answer);
        if (isClosed) {
            audience.fail(answer, closedFailure());
        } else if (requests.isFull()) {
            audience.fail(
                    answer,
                    new RequestFailedException(
                            RequestFailedException.TOO_MANY_REQUESTS, "the server is away or slow to answer others"));
        } else {
            take(request);
        }
        return answer;
    }

    /** Makes a request that is not answered; false if the client takes none now. */
    boolean say(String body, int dataBytes) {
        if (isClosed || requests.isFull()) {
            return false;
        }
        take(new PendingRequest(nextId(), new RequestPurpose.Signal(), body, dataBytes, null));
        return true;
    }

    /** Sets the socket for requests, and sends those that wait. */
    void open(WatchedSocket welcomed, boolean numbered, long maxBytes) {
        connection = welcomed;
        isNumbered = numbered;
        maxDataBytes = maxBytes;
        requests.unheard().forEach(request -> write(welcomed, request));
    }

    /** Ends the socket; requests wait for the next one. */
    void leave() {
        connection = null;
    }

    /** The server heard all up to this number. */
    void received(long through) throws BrokenProtocolException {
        requests.received(through);
    }

    /** The session goes on; the server heard all up to this number and no more. */
    void resumed(long through) throws BrokenProtocolException {
        requests.resumed(through);
    }

    /** The session is over, for a reason of {@link SessionLostException}. */
    void restart(String reason) {
        for (PendingRequest request : requests.restart()) {
            unsettled++;
            if (request.answer() != null) {
                audience.fail(request.answer(), new SessionLostException(reason));
            }
        }
    }

    /** A new session subscribes to what is held before all else. */
    void restore() {
        for (RequestPurpose.Subscribe subscribe : held.reversed().values()) {
            String id = nextId();
            String body = ClientMessages.subscribe(id, subscribe.channel(), subscribe.options());
            requests.addFirst(new PendingRequest(id, new RequestPurpose.Restore(subscribe.channel()), body, 0, null));
        }
    }

    /** How many requests were lost with a session since the last call. */
    int takeUnsettled() {
        int taken = unsettled;
        unsettled = 0;
        return taken;
    }

    void acknowledged(ServerFrame.Ack ack) throws BrokenProtocolException {
        PendingRequest request = requests.answered(ack.requestId());
        if (request == null) {
            return;
        }
        long value = request.number();
        switch (request.purpose()) {
            case RequestPurpose.Subscribe subscribe -> held.put(subscribe.channel(), subscribe);
            case RequestPurpose.Unsubscribe unsubscribe -> {
                held.remove(unsubscribe.channel());
                audience.leave(unsubscribe.channel());
            }
            case RequestPurpose.Refresh refresh -> value = ack.expiry();
            case RequestPurpose.Restore restore -> {}
            case RequestPurpose.Signal signal -> {}
        }
        if (request.answer() != null) {
            audience.succeed(request.answer(), value);
        }
    }

    void failed(ServerFrame.Failure failure) {
        PendingRequest request = failure.requestId() == null ? null : requests.answered(failure.requestId());
        if (request != null && request.answer() != null) {
            audience.fail(request.answer(), new RequestFailedException(failure.code(), failure.message()));
            return;
        }
        String channel = request != null && request.purpose() instanceof RequestPurpose.Restore restore
                ? restore.channel()
                : failure.channel();
        if (channel != null) {
            held.remove(channel);
        }
        audience.tell(new Event.ServerError(failure.code(), failure.message(), channel));
    }

    /** Settles all there is, and takes no more. */
    void close() {
        isClosed = true;
        for (PendingRequest request : requests.takeAll()) {
            if (request.answer() != null) {
                audience.fail(
                        request.answer(),
                        request.number() == 0
                                ? closedFailure()
                                : new SessionLostException(SessionLostException.CLOSED));
            }
        }
    }

    private void take(PendingRequest request) {
        requests.add(request);
        if (connection != null) {
            write(connection, request);
        }
    }

    /** Data that is too long would end the connection, and again each time it is sent. */
    private void write(WatchedSocket open, PendingRequest request) {
        if (request.dataBytes() > maxDataBytes) {
            requests.remove(request);
            refuse(request);
            return;
        }
        requests.number(request);
        open.send(ClientMessages.numbered(request.body(), isNumbered ? request.number() : 0));
        if (!isNumbered && !request.isAnswered()) {
            requests.remove(request);
        }
    }

    private void refuse(PendingRequest request) {
        String explanation = "the server takes " + maxDataBytes + " bytes of data";
        if (request.answer() != null) {
            audience.fail(
                    request.answer(), new RequestFailedException(RequestFailedException.MESSAGE_TOO_BIG, explanation));
        } else {
            audience.tell(new Event.ServerError(RequestFailedException.MESSAGE_TOO_BIG, explanation, null));
        }
    }

    private static RequestFailedException closedFailure() {
        return new RequestFailedException(RequestFailedException.CLOSED, "the client is closed");
    }

    private String nextId() {
        lastId++;
        return Long.toString(lastId);
    }
}
