// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** v1: what a key or a token allows, and what it does not. */
@ExtendWith({ServerUnderTest.class, Healthy.class})
class GrantsTest {

    private static final String DATA = "\"data\":1";

    private final Server server;
    private final String channel = Server.freshName();
    private final String alice = "alice-" + UUID.randomUUID();

    GrantsTest(Server server) {
        this.server = server;
    }

    @BeforeEach
    void keys() {
        server.assumeConfigured();
    }

    // case 32
    @Test
    void whoMayNotSeePresenceIsSeenAllTheSame() {
        try (Client blind = server.connect("key=pk_no_presence");
                Client seeing = server.connect()) {
            seeing.join(channel);
            assertThat(blind.ask("subscribe", Json.field("channel", channel))).isEqualTo("ack");
            assertThat(seeing.hearPresence(channel)).isEqualTo(Presence.joined(blind));
            try (Client third = server.connect()) {
                assertThat(third.join(channel)).isEqualTo(Presence.joined(blind, seeing));
            }
            seeing.hearPresence(channel);
            seeing.hearPresence(channel);
            blind.hearsNothing();
        }
    }

    // cases 33 and 49
    @ParameterizedTest
    @CsvSource({"pk_no_subscribe, subscribe", "pk_no_publish, publish", "pk_no_send, send"})
    void whatTheKeyDoesNotAllowIsRefusedAndTheConnectionStays(String key, String action) {
        try (Client client = server.connect("key=" + key);
                Client other = server.connect()) {
            String target = action.equals("send") ? Json.field("to", other.peerId()) : Json.field("channel", channel);

            assertThat(client.ask(action, target, DATA)).isEqualTo("action_not_permitted");
            client.hearsNothing();
            other.hearsNothing();
        }
    }

    // cases 34 and 35
    @ParameterizedTest
    @CsvSource({
        "pk_app_star, app/a, ack",
        "pk_app_star, app/, ack",
        "pk_app_star, app/a/b, channel_not_authorized",
        "pk_app_star, app, channel_not_authorized",
        "pk_app_star, App/a, channel_not_authorized",
        "pk_app_star, xapp/a, channel_not_authorized",
        "pk_app_double_star, app/a, ack",
        "pk_app_double_star, app/a/b/c, ack",
        "pk_app_double_star, app/, ack",
        "pk_app_double_star, application, channel_not_authorized",
        "pk_live_demo, any/thing at all, ack",
        "pk_room, room-1, ack",
        "pk_room, room-, ack",
        "pk_room, room-1/a, channel_not_authorized",
        "pk_room, a-room-1, channel_not_authorized",
        "pk_escaped, a*b, ack",
        "pk_escaped, aXb, channel_not_authorized",
        "pk_escaped, a\\*b, channel_not_authorized",
    })
    void aPatternCoversWhatItSays(String key, String name, String answer) {
        try (Client client = server.connect("key=" + key)) {
            assertThat(client.ask("subscribe", Json.field("channel", name))).isEqualTo(answer);
            if (answer.equals("ack")) {
                client.hearPresence(name);
            }
            assertThat(client.ask("publish", Json.field("channel", name), DATA)).isEqualTo(answer);
            client.hearsNothing();
        }
    }

    // case 34
    @Test
    void aChannelThatIsRefusedLeavesTheOthersAlone() {
        try (Client client = server.connect("key=pk_app_star");
                Client other = server.connect()) {
            client.join("app/" + channel);
            assertThat(client.ask("subscribe", Json.field("channel", "app/a/b")))
                    .isEqualTo("channel_not_authorized");

            assertThat(other.publish("app/" + channel, "2")).isEqualTo("ack");
            assertThat(client.hear().path("data").asInt()).isEqualTo(2);
        }
    }

    @Test
    void aTokenMayDoWhatBothItAndItsKeyAllow() {
        Token token = Token.by(
                "sk_id_few",
                "sk_secret_conformance_few_0123456789abcdef",
                alice,
                "\"channels\":[\"app_abc/room-*\",\"elsewhere\"]",
                "\"permissions\":[\"subscribe\",\"send\"]");
        try (Client client = server.connect(token);
                Client other = server.connect()) {
            assertThat(client.ask("subscribe", Json.field("channel", "app_abc/room-1")))
                    .isEqualTo("ack");
            assertThat(client.ask("subscribe", Json.field("channel", "app_abc/other")))
                    .isEqualTo("channel_not_authorized");
            assertThat(client.ask("subscribe", Json.field("channel", "elsewhere")))
                    .isEqualTo("channel_not_authorized");
            assertThat(client.ask("publish", Json.field("channel", "app_abc/room-1"), DATA))
                    .isEqualTo("action_not_permitted");
            assertThat(client.ask("send", Json.field("to", other.peerId()), DATA))
                    .isEqualTo("action_not_permitted");
        }
    }

    // section 5 row 19
    @Test
    void aTokenWithoutAnyChannelHasNone() {
        try (Client client = server.connect(Token.of(alice, "\"channels\":[]"))) {
            assertThat(client.ask("subscribe", Json.field("channel", channel))).isEqualTo("channel_not_authorized");
        }
    }

    // case 39
    @Test
    void whoSubscribesToAPatternHearsEachChannelOnceByItsName() {
        try (Client listener = server.connect("key=pk_fleet");
                Client device = server.connect()) {
            assertThat(listener.join("fleet/*/temp")).isEqualTo(Presence.NOBODY);
            assertThat(listener.join("fleet/**")).isEqualTo(Presence.NOBODY);
            assertThat(listener.unsubscribe("fleet/**")).isEqualTo("ack");
            assertThat(listener.join("fleet/7/*")).isEqualTo(Presence.NOBODY);
            assertThat(listener.unsubscribe("fleet/7/*")).isEqualTo("ack");
            assertThat(listener.join("fleet/7/temp")).isEqualTo(Presence.NOBODY);
            assertThat(device.join("fleet/7/temp")).isEqualTo(Presence.joined(listener));
            assertThat(listener.hearPresence("fleet/7/temp")).isEqualTo(Presence.joined(device));

            assertThat(device.publish("fleet/7/hum", "1")).isEqualTo("ack");
            assertThat(device.publish("fleet/7/temp", "2")).isEqualTo("ack");
            JsonNode message = listener.hear();
            assertThat(message.path("channel").asString()).isEqualTo("fleet/7/temp");
            assertThat(message.path("data").asInt()).isEqualTo(2);
            listener.hearsNothingBefore(device);
            assertThat(listener.unsubscribe("fleet/7/temp")).isEqualTo("ack");
            assertThat(device.hearPresence("fleet/7/temp")).isEqualTo(Presence.left(listener));
            assertThat(device.publish("fleet/8/temp", "3")).isEqualTo("ack");
            assertThat(listener.hear().path("channel").asString()).isEqualTo("fleet/8/temp");
            listener.unsubscribe("fleet/*/temp");
            assertThat(device.publish("fleet/7/temp", "4")).isEqualTo("ack");
            listener.hearsNothingBefore(device);
        }
    }

    // case 39
    @Test
    void aPatternIsRefusedUnlessAllItMatchesIsAllowed() {
        try (Client client = server.connect("key=pk_fleet_seven")) {
            assertThat(client.ask("subscribe", Json.field("channel", "fleet/*/temp")))
                    .isEqualTo("channel_not_authorized");
            assertThat(client.ask("subscribe", Json.field("channel", "fleet/7/**")))
                    .isEqualTo("channel_not_authorized");
            assertThat(client.ask("subscribe", Json.field("channel", "_system/*")))
                    .isEqualTo("channel_reserved");
            assertThat(client.join("fleet/7/t*")).isEqualTo(Presence.NOBODY);
        }
    }

    @Test
    void aChannelTakesAsManyPeersAsItMayAndOneMoreWhenOneHasLeft() {
        String small = "small-" + channel;
        try (Client first = server.connect();
                Client second = server.connect();
                Client third = server.connect()) {
            first.join(small);
            second.join(small);
            first.hearPresence(small);
            assertThat(third.ask("subscribe", Json.field("channel", small))).isEqualTo("channel_full");
            first.hearsNothingBefore(third);

            assertThat(second.unsubscribe(small)).isEqualTo("ack");
            assertThat(first.hearPresence(small)).isEqualTo(Presence.left(second));
            assertThat(third.join(small)).isEqualTo(Presence.joined(first));
        }
    }

    // case 52
    @Test
    void whenTheQuotaIsUsedUpOnlyPublishAndSendFail() {
        try (Client client = server.connect("key=pk_frugal");
                Client other = server.connect("key=pk_frugal")) {
            other.join(channel);
            assertThat(client.publish(channel, "1")).isEqualTo("ack");
            assertThat(client.send(other, "2")).isEqualTo("ack");
            assertThat(client.ask("send", Json.field("to", "nobody"), DATA)).isEqualTo("peer_not_found");
            assertThat(client.send(other, "3")).isEqualTo("ack");

            assertThat(client.publish(channel, "4")).isEqualTo("over_message_quota");
            assertThat(client.send(other, "5")).isEqualTo("over_message_quota");
            assertThat(client.join(channel)).isEqualTo(Presence.joined(other));
            assertThat(other.hear().path("data").asInt()).isEqualTo(1);
            assertThat(other.hear().path("data").asInt()).isEqualTo(2);
            assertThat(other.hear().path("data").asInt()).isEqualTo(3);
            assertThat(other.hearPresence(channel)).isEqualTo(Presence.joined(client));
        }
    }

    // section 3: a refusal says nothing of what there is
    @Test
    void aRefusalIsTheSameBytesWhetherAnyoneIsThereOrNobody() {
        Token stranger = Token.by("sk_id_neighbour", "sk_secret_conformance_neighbour_0123456789", alice);
        try (Client member = server.connect();
                Client outsider = server.connect("key=pk_room");
                Client mute = server.connect("key=pk_no_send");
                Client neighbour = server.connect(stranger);
                Client other = server.connect()) {
            member.join(channel);

            for (String type : List.of("subscribe", "publish")) {
                assertThat(answer(outsider, type, Json.field("channel", channel)))
                        .contains("channel_not_authorized")
                        .isEqualTo(answer(outsider, type, Json.field("channel", "nobody-is-here")));
            }
            assertThat(answer(mute, "send", Json.field("to", member.peerId())))
                    .contains("action_not_permitted")
                    .isEqualTo(answer(mute, "send", Json.field("to", "nobody")));
            assertThat(answer(other, "send", Json.field("to", neighbour.peerId())))
                    .contains("peer_not_found")
                    .isEqualTo(answer(other, "send", Json.field("to", "nobody")));
            member.hearsNothing();
            neighbour.hearsNothing();
        }
    }

    private static String answer(Client client, String type, String field) {
        client.say(Client.message(type, "same", field, DATA));
        return client.hearText();
    }

    // case 78, without REST
    @Test
    void oneAppKnowsNothingOfThePeersAndChannelsOfAnother() {
        Token here = Token.of(alice);
        Token there = Token.by("sk_id_neighbour", "sk_secret_conformance_neighbour_0123456789", alice);
        try (Client first = server.connect(here);
                Client second = server.connect(there);
                Client neighbour = server.connect("key=pk_neighbour")) {
            assertThat(first.join(channel)).isEqualTo(Presence.NOBODY);
            assertThat(second.join(channel)).isEqualTo(Presence.NOBODY);
            assertThat(neighbour.join(channel)).isEqualTo(Presence.joined(second));
            assertThat(second.hearPresence(channel)).isEqualTo(Presence.joined(neighbour));

            assertThat(first.send(neighbour, "1")).isEqualTo("peer_not_found");
            assertThat(first.publish(channel, "1")).isEqualTo("ack");
            assertThat(neighbour.send(first, "2")).isEqualTo("ack");
            assertThat(second.hear().path("data").asInt()).isEqualTo(2);
            first.hearsNothing();
        }
    }
}
