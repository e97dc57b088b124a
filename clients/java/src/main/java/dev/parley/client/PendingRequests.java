// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests that the server has not heard, as far as known, or not answered, in their order; and their numbers, which
 * are given when a request is first sent in a session. For the client's lock only.
 */
final class PendingRequests {

    private final int most;
    private final SequencedMap<String, PendingRequest> byId = new LinkedHashMap<>();
    private long lastNumber;
    private long heardThrough;

    /** @param most how many the application may have open */
    PendingRequests(int most) {
        this.most = most;
    }

    boolean isFull() {
        return byId.size() >= most;
    }

    void add(PendingRequest request) {
        byId.putLast(request.id(), request);
    }

    /** The request comes before all others. Only where none has a number. */
    void addFirst(PendingRequest request) {
        byId.putFirst(request.id(), request);
    }

    void remove(PendingRequest request) {
        byId.remove(request.id());
    }

    /** Gives a request its number, unless it has one. */
    void number(PendingRequest request) {
        if (request.number() == 0) {
            lastNumber++;
            request.number(lastNumber);
        }
    }

    /** The server has received all requests up to this number, as it says. */
    void received(long through) throws BrokenProtocolException {
        if (through > lastNumber) {
            throw new BrokenProtocolException("it heard what was not said");
        }
        heardThrough = Math.max(heardThrough, through);
        for (Iterator<PendingRequest> requests = byId.values().iterator(); requests.hasNext(); ) {
            PendingRequest request = requests.next();
            if (request.number() == 0 || request.number() > through) {
                break;
            }
            request.confirm();
            if (!request.isAnswered()) {
                requests.remove();
            }
        }
    }

    /** The server that resumes has received all requests up to this number and no later one, as it says. */
    void resumed(long through) throws BrokenProtocolException {
        if (through < heardThrough) {
            throw new BrokenProtocolException("it did not hear what it had heard");
        }
        received(through);
    }

    /** Removes and returns the request of this id, which is answered; null if it is unknown. */
    @Nullable
    PendingRequest answered(String id) {
        PendingRequest request = byId.remove(id);
        if (request == null) {
            return null;
        }
        heardThrough = Math.max(heardThrough, request.number());
        return request;
    }

    /** Returns requests that the server has not confirmed. */
    List<PendingRequest> unheard() {
        return byId.values().stream().filter(request -> !request.isHeard()).toList();
    }

    /**
     * The session is over and numbers begin anew. What was sent and cannot be done twice is kept no longer, and
     * returned: it may or may not have been heard. Subscriptions that were being restored are not kept either.
     */
    List<PendingRequest> restart() {
        List<PendingRequest> unsettled = new ArrayList<>();
        for (Iterator<PendingRequest> requests = byId.values().iterator(); requests.hasNext(); ) {
            PendingRequest request = requests.next();
            boolean isRestoring = request.purpose() instanceof RequestPurpose.Restore;
            boolean isUnsettled = request.purpose() instanceof RequestPurpose.Signal && request.number() != 0;
            if (isUnsettled) {
                unsettled.add(request);
            }
            if (isUnsettled || isRestoring) {
                requests.remove();
            } else {
                request.forgetNumber();
            }
        }
        lastNumber = 0;
        heardThrough = 0;
        return unsettled;
    }

    /** Removes and returns all requests. */
    List<PendingRequest> takeAll() {
        List<PendingRequest> all = List.copyOf(byId.values());
        byId.clear();
        return all;
    }
}
