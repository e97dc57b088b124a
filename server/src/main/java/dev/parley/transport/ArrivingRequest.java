// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A request whose head has arrived and was found good, while its body arrives. For its connection's loop only. */
final class ArrivingRequest {

    private final HttpRequest head;
    private final ClientRequest asked;
    private final @Nullable HttpApi api;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

    /** @param api who answers it, null if it is no request to an API */
    ArrivingRequest(HttpRequest head, ClientRequest asked, @Nullable HttpApi api) {
        this.head = head;
        this.asked = asked;
        this.api = api;
    }

    HttpRequest head() {
        return head;
    }

    ClientRequest asked() {
        return asked;
    }

    @Nullable
    HttpApi api() {
        return api;
    }

    byte[] body() {
        return body.toByteArray();
    }

    /** Takes a part of the body; false if it would be larger than this. */
    boolean take(ByteBuf part, int maxBytes) {
        int more = part.readableBytes();
        if (more > maxBytes - body.size()) {
            return false;
        }
        byte[] bytes = new byte[more];
        part.readBytes(bytes);
        body.writeBytes(bytes);
        return true;
    }
}
