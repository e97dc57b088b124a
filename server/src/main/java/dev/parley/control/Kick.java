// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Reply;
import dev.parley.json.Plain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a peer out. Its token stays good: a peer that must stay out has to be denied the next one. */
record Kick() implements Operation {

    private static final Logger log = LoggerFactory.getLogger(Kick.class);

    @Override
    public Reply perform(Call call) throws Refused {
        String peerId = call.peerId();
        int closed = call.relay().peers().close(peerId, CloseCode.ADMIN_DISCONNECT);
        call.effort().add(closed);
        log.info(
                "kick app={} peer={} connections={} by={}",
                call.app().id(),
                Plain.of(peerId),
                closed,
                call.backEnd().key().id());
        return Replies.ok(Replies.text()
                .raw("{\"peerId\":")
                .string(peerId)
                .raw(",\"closed\":")
                .number(closed)
                .end());
    }
}
