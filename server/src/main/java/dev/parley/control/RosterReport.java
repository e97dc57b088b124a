// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.port.Peer;
import dev.parley.core.port.Reply;
import dev.parley.json.Text;

/** Tells who is in a channel. */
record RosterReport() implements Operation {

    @Override
    public Reply perform(Call call) throws Refused {
        String channel = call.channel();
        call.require(Action.PRESENCE, channel);
        Text text = Replies.text().raw("{\"channel\":").string(channel).raw(",\"peers\":[");
        String separator = "{\"peerId\":";
        for (Peer peer : call.relay().rooms().roster(channel)) {
            text.raw(separator).string(peer.id());
            if (peer.metadata() != null) {
                text.raw(",\"metadata\":").json(peer.metadata());
            }
            text.raw("}");
            separator = ",{\"peerId\":";
        }
        return Replies.ok(text.raw("]").end());
    }
}
