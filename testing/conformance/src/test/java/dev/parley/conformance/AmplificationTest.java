// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one client can make the server do to others. */
@ExtendWith({ServerUnderTest.class, Healthy.class})
class AmplificationTest {

    private static final int RECEIVERS = 200;

    private final Server server;
    private final String channel = Server.freshName();

    AmplificationTest(Server server) {
        this.server = server;
    }

    @Test
    void aMessageToManyCostsItsSenderMoreThanOneToFew() {
        List<Client> receivers =
                Stream.generate(server::connect).limit(RECEIVERS).toList();
        try (Client sender = server.connect();
                Client other = server.connect()) {
            for (Client receiver : receivers) {
                assertThat(receiver.ask("subscribe", Json.field("channel", channel)))
                        .isEqualTo("ack");
            }
            String message =
                    "{" + Json.field("type", "publish") + "," + Json.field("channel", channel) + ",\"data\":\"many\"}";
            for (int i = 0; i < Server.MESSAGE_BURST; i++) {
                sender.say(message);
            }
            int heard = 0;
            while (heard < Server.MESSAGE_BURST / 3) {
                heard += data(receivers.getFirst()).equals("many") ? 1 : 0; // else it is presence
            }

            assertThat(other.publish(channel, "\"marker\"")).isEqualTo("ack");
            for (String data = data(receivers.getFirst()); !data.equals("marker"); ) {
                heard += data.equals("many") ? 1 : 0;
                data = data(receivers.getFirst());
            }
            // Each counts as three, one and one more for each hundred receivers, and some are earned meanwhile: the
            // rest waits.
            assertThat(heard).isBetween(Server.MESSAGE_BURST / 3, Server.MESSAGE_BURST / 2);
        } finally {
            receivers.forEach(Client::close);
        }
    }

    /** Returns the text of the next message, empty if the connection ends instead. */
    private static String data(Client client) {
        return client.hear().path("data").asString("");
    }
}
