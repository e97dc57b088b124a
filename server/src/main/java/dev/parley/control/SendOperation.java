// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.AppExchange;
import dev.parley.json.JsonFault;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Sends a message to one peer. */
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
        directory.exchange().send(message.from(), peerId, message.signal(), receivers -> {
            call.effort().addDelivery(Math.max(receivers, 0), call.bytes().length);
            if (receivers <= 0) {
                directory.usage().refuse(null);
            }
            if (receivers == AppExchange.BUSY) {
                directory.terms().observer().receiverBusy(call.backEnd().app().id(), peerId);
            }
            answer.accept(reply(peerId, receivers));
        });
    }

    private static HttpReply reply(String peerId, int receivers) {
        return switch (receivers) {
            case 0 -> JsonReplies.PEER_NOT_FOUND;
            case AppExchange.BUSY -> JsonReplies.RECEIVER_BUSY;
            case AppExchange.UNAVAILABLE -> JsonReplies.UNAVAILABLE;
            default ->
                JsonReplies.ok(JsonReplies.text()
                        .raw("{\"peerId\":")
                        .string(peerId)
                        .raw(",\"delivered\":")
                        .number(receivers)
                        .end());
        };
    }
}
