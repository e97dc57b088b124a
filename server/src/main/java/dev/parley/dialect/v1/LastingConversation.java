// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import dev.parley.core.port.Connection;
import dev.parley.core.port.Conversation;
import dev.parley.core.port.Ending;
import dev.parley.core.port.Loop;
import dev.parley.core.port.Payload;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Over one of the sockets of a client whose session outlives them. A socket may live on another loop than the session: then
 * what it brings is copied and posted there. On the socket's loop.
 */
final class LastingConversation implements Conversation {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Connection socket;
    private final LastingClient client;
    private final Words words;
    private final int maxUnderwayBytes;

    /** Bytes posted to the session's loop and not yet heard there. */
    private final AtomicInteger underwayBytes = new AtomicInteger();

    /** @param maxUnderwayBytes what may wait for the session's loop; with more the client talks too fast */
    LastingConversation(Connection socket, LastingClient client, Words words, int maxUnderwayBytes) {
        this.socket = socket;
        this.client = client;
        this.words = words;
        this.maxUnderwayBytes = maxUnderwayBytes;
    }

    @Override
    public void text(Payload payload) {
        if (isHere()) {
            client.text(socket, payload);
        } else {
            post(payload.length(), copy(payload));
        }
    }

    @Override
    public void binary(Payload payload) {
        if (isHere()) {
            client.binary(socket);
        } else {
            post(payload.length(), it -> it.binary(socket));
        }
    }

    private Consumer<LastingClient> copy(Payload payload) {
        Payload copy = Payload.of(payload.copy());
        return it -> it.text(socket, copy);
    }

    private void post(int bytes, Consumer<LastingClient> message) {
        if (underwayBytes.addAndGet(bytes) > maxUnderwayBytes) {
            socket.close(Closings.OVER_MESSAGE_RATE);
            return;
        }
        home().post(() -> {
            underwayBytes.addAndGet(-bytes);
            new Guarded(client.connection(), () -> message.accept(client)).run();
        });
    }

    @Override
    public void goingAway() {
        socket.send(words.goingAway());
    }

    @Override
    public void ended(Ending ending) {
        if (isHere()) {
            client.connection().lost(socket, ending);
        } else {
            postLost(ending);
        }
    }

    /** Tries until there is memory for the task: without it the session would keep a socket that is gone for ever. */
    private void postLost(Ending ending) {
        try {
            home().post(() -> client.connection().lost(socket, ending));
        } catch (RuntimeException | Error e) {
            socket.loop().schedule(RETRY, () -> postLost(ending));
            throw e;
        }
    }

    private Loop home() {
        return client.connection().loop();
    }

    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private boolean isHere() {
        return socket.loop() == home();
    }
}
