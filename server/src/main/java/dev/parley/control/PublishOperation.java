// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.HttpReply;
import dev.parley.core.room.PublishedNames;
import dev.parley.json.JsonFault;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Publishes a message in a channel. */
record PublishOperation(RememberedReplies replies, InstantSource clock) implements ApiOperation {

    @Override
    public void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException, JsonFault {
        String channel = call.channel();
        call.require(Action.PUBLISH, channel);
        ApiMessage message = ApiMessage.of(call.body());
        replies.once(call, answer, once -> publish(call, channel, message, once));
    }

    private void publish(ApiCall call, String channel, ApiMessage message, Consumer<HttpReply> answer)
            throws ApiRefusedException {
        MessageQuota.spend(call.directory().usage(), clock);
        PublishedNames published = new PublishedNames();
        call.directory().exchange().publish(channel, message.from(), message.signal(), published, receivers -> {
            call.effort().addComparisons(published.takeSteps());
            call.effort().addDelivery(Math.max(receivers, 0), call.bytes().length);
            answer.accept(receivers < 0 ? JsonReplies.UNAVAILABLE : reply(channel, receivers));
        });
    }

    private static HttpReply reply(String channel, int receivers) {
        return JsonReplies.ok(JsonReplies.text()
                .raw("{\"channel\":")
                .string(channel)
                .raw(",\"delivered\":")
                .number(receivers)
                .end());
    }
}
