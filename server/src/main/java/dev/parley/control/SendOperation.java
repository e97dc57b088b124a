// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
import dev.parley.core.relay.AppDirectory;
import dev.parley.json.JsonFault;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Says something to one peer. */
record SendOperation(RememberedReplies replies, InstantSource clock) implements ApiOperation {

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException, JsonFault {
        String peerId = call.peerId();
        call.require(Action.SEND);
        ApiMessage message = ApiMessage.of(call.body());
        replies.once(call, answer, once -> send(call, peerId, message, once));
    }

    private void send(ApiCall call, String peerId, ApiMessage message, Consumer<HttpReply> answer)
            throws ApiRefusedException {
        AppDirectory directory = call.directory();
        MessageQuota.spend(directory.usage(), clock);
        int delivered = directory.peers().send(message.from(), peerId, message.signal());
        call.effort().addDelivery(delivered, call.bytes().length);
        if (delivered <= 0) {
            directory.usage().refuse(null);
        }
        if (delivered == 0) {
            throw new ApiRefusedException(JsonReplies.PEER_NOT_FOUND);
        }
        if (delivered < 0) {
            directory.terms().observer().receiverBusy(call.backEnd().app().id(), peerId);
            throw new ApiRefusedException(JsonReplies.RECEIVER_BUSY);
        }
        answer.accept(JsonReplies.ok(JsonReplies.text()
                .raw("{\"peerId\":")
                .string(peerId)
                .raw(",\"delivered\":")
                .number(delivered)
                .end()));
    }
}
