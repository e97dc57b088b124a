// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.Reply;
import dev.parley.core.room.PublishedNames;
import dev.parley.json.JsonFault;
import java.time.InstantSource;

/** Says something to everyone in a channel. */
record Publishing(RememberedReplies replies, InstantSource clock) implements Operation {

    @Override
    public Reply perform(Call call) throws Refused, JsonFault {
        String channel = call.channel();
        call.require(Action.PUBLISH, channel);
        Message message = Message.of(call.body());
        return replies.once(call, () -> {
            Quota.spend(call.relay().usage(), clock);
            PublishedNames published = new PublishedNames();
            int delivered = call.relay().rooms().publish(channel, message.from(), message.signal(), published);
            call.effort().addComparisons(published.takeSteps());
            call.effort().addDelivery(delivered, call.bytes().length);
            return Replies.ok(Replies.text()
                    .raw("{\"channel\":")
                    .string(channel)
                    .raw(",\"delivered\":")
                    .number(delivered)
                    .end());
        });
    }
}
