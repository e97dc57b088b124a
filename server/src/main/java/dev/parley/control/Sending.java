// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.Reply;
import dev.parley.json.JsonFault;
import java.time.InstantSource;

/** Says something to one peer. */
record Sending(RememberedReplies replies, InstantSource clock) implements Operation {

    @Override
    public Reply perform(Call call) throws Refused, JsonFault {
        String peerId = call.peerId();
        call.require(Action.SEND);
        Message message = Message.of(call.body());
        return replies.once(call, () -> {
            Quota.spend(call.relay().usage(), clock);
            int delivered = call.relay().peers().send(message.from(), peerId, message.signal());
            call.effort().addDelivery(delivered, call.bytes().length);
            if (delivered <= 0) {
                call.relay().usage().refuse(null);
            }
            if (delivered == 0) {
                throw new Refused(Replies.PEER_NOT_FOUND);
            }
            if (delivered < 0) {
                call.relay()
                        .terms()
                        .observer()
                        .receiverBusy(call.backEnd().app().id(), peerId);
                throw new Refused(Replies.RECEIVER_BUSY);
            }
            return Replies.ok(Replies.text()
                    .raw("{\"peerId\":")
                    .string(peerId)
                    .raw(",\"delivered\":")
                    .number(delivered)
                    .end());
        });
    }
}
