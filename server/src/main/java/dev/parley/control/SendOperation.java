// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
import dev.parley.json.JsonFault;
import java.time.InstantSource;

/** Says something to one peer. */
record SendOperation(RememberedReplies replies, InstantSource clock) implements ApiOperation {

    @Override
    public HttpReply perform(ApiCall call) throws ApiRefusedException, JsonFault {
        String peerId = call.peerId();
        call.require(Action.SEND);
        ApiMessage message = ApiMessage.of(call.body());
        return replies.once(call, () -> {
            MessageQuota.spend(call.directory().usage(), clock);
            int delivered = call.directory().peers().send(message.from(), peerId, message.signal());
            call.effort().addDelivery(delivered, call.bytes().length);
            if (delivered <= 0) {
                call.directory().usage().refuse(null);
            }
            if (delivered == 0) {
                throw new ApiRefusedException(JsonReplies.PEER_NOT_FOUND);
            }
            if (delivered < 0) {
                call.directory()
                        .terms()
                        .observer()
                        .receiverBusy(call.backEnd().app().id(), peerId);
                throw new ApiRefusedException(JsonReplies.RECEIVER_BUSY);
            }
            return JsonReplies.ok(JsonReplies.text()
                    .raw("{\"peerId\":")
                    .string(peerId)
                    .raw(",\"delivered\":")
                    .number(delivered)
                    .end());
        });
    }
}
