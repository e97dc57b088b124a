// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something the client wants of the server. For the client's lock only. */
final class PendingRequest {

    private final String id;
    private final RequestPurpose purpose;
    private final String body;
    private final int dataBytes;
    private final @Nullable CompletableFuture<Long> answer;
    private long number;
    private boolean isHeard;

    /**
     * @param id unique in the life of the client
     * @param body its message, from behind the first brace
     * @param dataBytes of its data
     * @param answer completed by the server's answer; null if nobody waits for one
     */
    PendingRequest(
            String id, RequestPurpose purpose, String body, int dataBytes, @Nullable CompletableFuture<Long> answer) {
        this.id = id;
        this.purpose = purpose;
        this.body = body;
        this.dataBytes = dataBytes;
        this.answer = answer;
    }

    String id() {
        return id;
    }

    RequestPurpose purpose() {
        return purpose;
    }

    String body() {
        return body;
    }

    int dataBytes() {
        return dataBytes;
    }

    @Nullable
    CompletableFuture<Long> answer() {
        return answer;
    }

    /** Whether the server is asked to answer. */
    boolean isAnswered() {
        return answer != null || !(purpose instanceof RequestPurpose.Signal);
    }

    /** Its number in the session; 0 if it was not sent yet. */
    long number() {
        return number;
    }

    void number(long given) {
        number = given;
    }

    boolean isHeard() {
        return isHeard;
    }

    void confirm() {
        isHeard = true;
    }

    /** It is one that was not sent yet. */
    void forgetNumber() {
        number = 0;
        isHeard = false;
    }
}
