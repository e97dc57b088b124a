// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.access.NameRules;
import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rooms whose names look alike, or mean something elsewhere. */
class NamesTest {

    private static final List<String> PARTS = List.of(
            "a",
            "A",
            "\u00e9",
            "e\u0301",
            "\u200b",
            "\u202e",
            "..",
            ".",
            "/",
            "*",
            "?",
            "{",
            "}",
            "[",
            "]",
            "\\",
            ":",
            " ",
            "%2F",
            "\ufeff",
            "\u0430",
            "\ud83d\ude00",
            "\ud800",
            "0",
            "\uff10",
            "ss",
            "\u00df",
            "\u0130",
            "i");

    private final ClientProtocol protocol = event -> new SimulatedFrames().text(TextPayload.of("x"));
    private final RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
    private final Session session = new PlainSession(
            new SimulatedConnection(1, new SimulatedLoop(), (client, frame) -> {}),
            new PeerIdentity("listener", null),
            "key",
            Terms.unlimited(),
            protocol);

    @Test
    void ofTenThousandRandomPairsOnlyEqualNamesAreOneRoom() {
        Random random = new Random(1);
        int equal = 0;
        for (int i = 0; i < 10_000; i++) {
            String heard = name(random);
            String said = random.nextInt(4) == 0 ? heard : name(random);
            assertThat(receivers(heard, said))
                    .as("%s heard, %s said", heard, said)
                    .isEqualTo(heard.equals(said) ? 1 : 0);
            equal += heard.equals(said) ? 1 : 0;
        }
        assertThat(equal).isBetween(2000, 9000);
    }

    @ParameterizedTest
    @CsvSource({
        "\u00e9, e\u0301", "room, Room", "room, 'room '", "room, room\u200b", "a/b, a//b", "a/b, a/./b", "a, \u0430",
        "a%2Fb, a/b", "I, \u0131", "ss, \u00df", "1, \uff11", "a*, ab", "{a}, a", "x, x\ufeff"
    })
    void namesThatLookAlikeAreTwoRooms(String one, String other) {
        assertThat(NameRules.isChannel(one) && NameRules.isChannel(other)).isTrue();
        assertThat(receivers(one, other)).isZero();
        assertThat(receivers(one, one)).isEqualTo(1);
    }

    /** How many hear what is said in the one room while somebody is in the other. */
    private int receivers(String heard, String said) {
        if (!(rooms.listen(heard, session, new MemberInterest(true, false)) instanceof EntryResult.Admitted admitted)) {
            throw new AssertionError("full");
        }
        int receivers = rooms.publish(
                said, new PeerIdentity("speaker", null), new Signal(Signal.Kind.TEXT, TextPayload.of("x")), null);
        admitted.member().leave();
        return receivers;
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        int length = 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            name.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return name.toString();
    }
}
