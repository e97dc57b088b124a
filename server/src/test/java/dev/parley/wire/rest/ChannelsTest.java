// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.rest;

import static dev.parley.wire.rest.TokensTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rosters, publishing and the list of channels: docs/rest.md. */
class ChannelsTest {

    private static final String QUOTE = "%22,'\\\"'";

    private RestServer server;
    private Rest acme;
    private Rest rooms;

    @BeforeEach
    void start() {
        server = new RestServer();
        acme = server.as(TestApps.ACME);
        rooms = server.as(TestApps.ROOMS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRosterHasEachPeerOnceWithWhatItShows() {
        try (Guest bob = Guest.named(acme, "bob").join("hall/a/b");
                Guest first =
                        Guest.named(acme, "alice", "\"peerMetadata\":{\"n\":1}").join("hall/a/b");
                Guest second =
                        Guest.named(acme, "alice", "\"peerMetadata\":{\"n\":1}").join("hall/a/b");
                Guest elsewhere = Guest.named(acme, "carol").join("hall/a")) {
            String expected = "{\"channel\":\"hall/a/b\",\"peers\":["
                    + "{\"peerId\":\"alice\",\"metadata\":{\"n\":1}},{\"peerId\":\"bob\"}]}";
            for (String name : new String[] {"hall/a/b", "hall%2Fa%2Fb", "hall%2fa/b", "%68all/a/b"}) {
                assertThat(acme.get("/v1/channels/" + name + "/peers").body()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aRosterIsReadByPages() {
        try (Guest carol = Guest.named(acme, "carol").join("room-1");
                Guest alice = Guest.named(acme, "alice").join("room-1");
                Guest bob = Guest.named(acme, "bob").join("room-1")) {
            assertThat(acme.get("/v1/channels/room-1/peers?limit=2").body())
                    .isEqualTo("{\"channel\":\"room-1\",\"peers\":[{\"peerId\":\"alice\"},{\"peerId\":\"bob\"}],"
                            + "\"next\":\"bob\"}");
            assertThat(acme.get("/v1/channels/room-1/peers?limit=2&after=bob").body())
                    .isEqualTo("{\"channel\":\"room-1\",\"peers\":[{\"peerId\":\"carol\"}]}");
        }
    }

    @Test
    void theRosterOfAnEmptyChannelIsEmpty() {
        assertThat(acme.get("/v1/channels/nobody/peers").body()).isEqualTo("{\"channel\":\"nobody\",\"peers\":[]}");
    }

    @ParameterizedTest
    @CsvSource({"a+b,a+b", "a%2Bb,a+b", "a%252Fb,a%2Fb", "%C3%A4,ä", "x/peers,x/peers", "..,..", "a;b,a;b", QUOTE})
    void theNameOfAChannelIsDecodedOnce(String encoded, String name) {
        assertThat(acme.get("/v1/channels/" + encoded + "/peers").body())
                .isEqualTo("{\"channel\":\"" + name + "\",\"peers\":[]}");
    }

    @ParameterizedTest
    @MethodSource
    void whatIsNoNameOfAChannelIs400(String encoded) {
        assertRefused(acme.get("/v1/channels/" + encoded + "/peers"), 400, "invalid_request");
        assertRefused(acme.post("/v1/channels/" + encoded + "/publish", "{\"data\":1}"), 400, "invalid_request");
    }

    static Stream<String> whatIsNoNameOfAChannelIs400() {
        return Stream.of(
                "",
                "%",
                "%2",
                "%zz",
                "%+1",
                "%FF",
                "%C3",
                "%ED%A0%80",
                "%C0%AF",
                "%00",
                "a%0Ab",
                "%7F",
                "%C2%85",
                "c".repeat(257));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_metered/x", "_INTERNAL%2Fx", "%5fsystem/x"})
    void aReservedChannelIs400WhateverTheKeyMay(String encoded) {
        for (TestApps.Key key : new TestApps.Key[] {TestApps.ACME, TestApps.ROOMS, TestApps.MUTE}) {
            assertRefused(server.as(key).get("/v1/channels/" + encoded + "/peers"), 400, "channel_reserved");
            assertRefused(
                    server.as(key).post("/v1/channels/" + encoded + "/publish", "{\"data\":1}"),
                    400,
                    "channel_reserved");
        }
    }

    @Test
    void aKeyIsHeldToItsActionsAndPatterns() {
        Rest mute = server.as(TestApps.MUTE);
        assertRefused(mute.get("/v1/channels/room-1/peers"), 403, "action_not_permitted");
        assertRefused(mute.post("/v1/channels/room-1/publish", ""), 403, "action_not_permitted");
        assertRefused(mute.get("/v1/channels"), 403, "action_not_permitted");
        assertRefused(rooms.get("/v1/channels/cellar/peers"), 403, "channel_not_authorized");
        assertRefused(rooms.post("/v1/channels/cellar/publish", ""), 403, "channel_not_authorized");
        assertRefused(rooms.get("/v1/channels/room-1%2Fx/peers"), 403, "channel_not_authorized");
        assertThat(rooms.get("/v1/channels/room-1/peers").status()).isEqualTo(200);
    }

    @Test
    void whoMayNotSeeAChannelIsNotToldWhetherAnyoneIsThere() {
        String empty = rooms.get("/v1/channels/cellar/peers").text();
        try (Guest guest = Guest.named(acme, "alice").join("cellar")) {
            assertThat(rooms.get("/v1/channels/cellar/peers").text()).isEqualTo(empty);
            assertThat(rooms.get("/v1/channels/attic/peers").text()).isEqualTo(empty);
        }
    }

    @Test
    void whatIsPublishedArrivesAsTheBytesItIs() {
        String data = "{ \"n\":12345678901234567890.0e400, \"s\":\"\\ud800 ä\",\"s\":null }";
        try (Guest alice = Guest.named(acme, "alice").join("hall/1");
                Guest bob = Guest.named(acme, "bob").join("hall/1")) {
            Answer answer = acme.post(
                    "/v1/channels/hall/1/publish",
                    "{\"data\": " + data + " ,\"from\":\"bot\",\"peerMetadata\":{ \"kind\" : \"bot\" }}");

            assertThat(answer.body()).isEqualTo("{\"channel\":\"hall/1\",\"delivered\":2}");
            String message = "{\"type\":\"message\",\"channel\":\"hall/1\",\"from\":\"bot\","
                    + "\"fromMetadata\":{\"kind\":\"bot\"},\"data\":" + data + "}";
            assertThat(alice.receive("message")).isEqualTo(message);
            assertThat(bob.receive("message")).isEqualTo(message);
        }
    }

    @Test
    void whoPublishesWithoutANameIsTheSystem() {
        try (Guest alice = Guest.named(acme, "alice").join("room-1")) {
            acme.post("/v1/channels/room-1/publish", "{\"data\":null}");

            assertThat(alice.receive("message"))
                    .isEqualTo("{\"type\":\"message\",\"channel\":\"room-1\",\"from\":\"system\",\"data\":null}");
        }
    }

    @Test
    void publishingToNobodyIsFine() {
        assertThat(acme.post("/v1/channels/empty/publish", "{\"data\":1}").body())
                .isEqualTo("{\"channel\":\"empty\",\"delivered\":0}");
    }

    @ParameterizedTest
    @MethodSource("dev.parley.wire.rest.PeersTest#noMessages")
    void whatIsNoMessageIs400AndNobodyHearsOfIt(String body) {
        try (Guest alice = Guest.named(acme, "alice").join("room-1")) {
            assertRefused(acme.post("/v1/channels/room-1/publish", body), 400, "invalid_request");

            alice.hasNotHeard("message");
        }
    }

    @Test
    void whatBackEndsPublishCountsAsMessagesOfTheApp() {
        acme.post("/v1/channels/room-1/publish", "{\"data\":1}");
        acme.post("/v1/channels/room-1/publish", "{\"data\":");

        assertThat(acme.get("/v1/usage").json().path("messagesUsed").asLong()).isEqualTo(1);
    }

    @Test
    void theListHasTheChannelsTheKeyCoversInOrder() {
        try (Guest alice =
                        Guest.named(acme, "alice").join("room-2").join("cellar").join("hall/x");
                Guest bob = Guest.named(acme, "bob").join("room-2").join("room-10")) {
            assertThat(acme.get("/v1/channels").body())
                    .isEqualTo("{\"channels\":[" + "{\"channel\":\"cellar\",\"peers\":1},"
                            + "{\"channel\":\"hall/x\",\"peers\":1},{\"channel\":\"room-10\",\"peers\":1},"
                            + "{\"channel\":\"room-2\",\"peers\":2}],\"next\":null}");
            assertThat(rooms.get("/v1/channels?limit=2").body())
                    .isEqualTo("{\"channels\":[{\"channel\":\"hall/x\",\"peers\":1},"
                            + "{\"channel\":\"room-10\",\"peers\":1}],\"next\":\"room-10\"}");
            assertThat(rooms.get("/v1/channels?limit=2&after=room-10").body())
                    .isEqualTo("{\"channels\":[{\"channel\":\"room-2\",\"peers\":2}],\"next\":null}");
            assertThat(rooms.get("/v1/channels?prefix=room-&limit=1").body())
                    .isEqualTo("{\"channels\":[{\"channel\":\"room-10\",\"peers\":1}],\"next\":\"room-10\"}");
            assertThat(rooms.get("/v1/channels?after=hall%2Fx&prefix=hall/").body())
                    .isEqualTo("{\"channels\":[],\"next\":null}");
        }
    }

    /** A client that follows the pages must come to an end, whatever clients call their channels. */
    @Test
    void aNameNoUrlCanHoldIsNotInTheList() {
        try (Guest alice = Guest.named(acme, "alice").join("a").join("b\\ud800").join("c")) {
            assertThat(acme.get("/v1/channels?limit=2").body())
                    .isEqualTo("{\"channels\":[{\"channel\":\"a\",\"peers\":1},{\"channel\":\"c\",\"peers\":1}],"
                            + "\"next\":null}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=-1",
                "limit=",
                "limit=1e2",
                "limit=99999999999",
                "limit=1&limit=2",
                "after=%FF",
                "after=_internal/after/AAAA",
                "prefix=%",
                "%zz=1"
            })
    void aQueryThatMakesNoSenseIs400(String query) {
        assertRefused(acme.get("/v1/channels?" + query), 400, "invalid_request");
        assertRefused(acme.get("/v1/peers?" + query), 400, "invalid_request");
        if (!query.startsWith("prefix")) {
            assertRefused(acme.get("/v1/channels/c/peers?" + query), 400, "invalid_request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "x=1&y", "after=%00%0A'--", "after=~~~~", "limit=1000&LIMIT=0"})
    void anyOtherQueryIsHarmless(String query) {
        assertThat(acme.get("/v1/channels?" + query).body()).isEqualTo("{\"channels\":[],\"next\":null}");
    }
}
