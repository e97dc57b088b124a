// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.HttpReply;
import dev.parley.json.LogText;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a peer out. Its token stays good: a peer that must stay out has to be denied the next one. */
record KickOperation() implements ApiOperation {

    private static final Logger log = LoggerFactory.getLogger(KickOperation.class);

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException {
        String peerId = call.peerId();
        call.directory().exchange().close(peerId, CloseCode.ADMIN_DISCONNECT, closed -> {
            if (closed < 0) {
                answer.accept(JsonReplies.UNAVAILABLE);
                return;
            }
            call.effort().add(closed);
            log.info(
                    "kick app={} peer={} connections={} by={}",
                    call.app().id(),
                    LogText.of(peerId),
                    closed,
                    call.backEnd().key().id());
            answer.accept(reply(peerId, closed));
        });
    }

    private static HttpReply reply(String peerId, int closed) {
        return JsonReplies.ok(JsonReplies.text()
                .raw("{\"peerId\":")
                .string(peerId)
                .raw(",\"closed\":")
                .number(closed)
                .end());
    }
}
