// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {

    private static final Event.Peer ALICE = new Event.Peer("alice", "{\"name\":\"A\"}");
    private static final Event.Peer BOB = new Event.Peer("bob", null);

    @Test
    void aRosterIsWhatTheServerToldOfAChannel() {
        Stage stage = Stage.welcomed();
        assertThat(stage.client().roster("room")).isEmpty();
        stage.socket().say(presence(1, "{'peerId':'alice','metadata':{'name':'A'}},{'peerId':'bob'}", ""));
        stage.settle();
        assertThat(stage.client().roster("room").values()).containsExactlyInAnyOrder(ALICE, BOB);
        stage.socket().say(presence(2, "", "{'peerId':'alice'}"));
        stage.settle();
        assertThat(stage.client().roster("room")).containsOnlyKeys("bob");
        assertThat(stage.client().roster("elsewhere")).isEmpty();
    }

    @Test
    void aListenerFindsTheRosterAsOfItsEvent() {
        Stage stage = Stage.welcomed();
        List<Integer> sizes = new ArrayList<>();
        stage.listen((client, event) -> sizes.add(client.roster("room").size()));
        stage.socket().say(presence(1, "{'peerId':'alice'}", ""), presence(2, "{'peerId':'bob'}", ""));
        stage.settle();
        assertThat(sizes).containsExactly(1, 2);
    }

    @Test
    void aRosterOutlivesAConnectionAndAResumeAndBeginsAnewWithASession() {
        Stage stage = Stage.welcomed();
        stage.socket().say(presence(1, "{'peerId':'alice'}", ""));
        stage.loseSocket();
        stage.settle();
        assertThat(stage.client().roster("room")).containsOnlyKeys("alice");
        stage.socket().open(Stage.PARLEY_V1, Stage.resumed(1, "later", 0));
        stage.settle();
        assertThat(stage.client().roster("room")).containsOnlyKeys("alice");
        stage.loseSocket();
        stage.socket().open(Stage.PARLEY_V1, Stage.fresh("expired", 2));
        stage.settle();
        assertThat(stage.client().roster("room")).isEmpty();
    }

    @Test
    void aChannelThatIsLeftOrTakenAwayHasNoRoster() {
        Stage stage = Stage.welcomed();
        stage.socket().say(presence(1, "{'peerId':'alice'}", ""));
        stage.client().unsubscribe("room");
        stage.settle();
        assertThat(stage.client().roster("room")).isNotEmpty();
        stage.socket().say(Stage.ack(2, 1));
        stage.settle();
        assertThat(stage.client().roster("room")).isEmpty();

        stage.socket().say(presence(3, "{'peerId':'alice'}", ""));
        stage.socket().say("{'type':'error','seq':4,'code':'not_authorized','message':'','channel':'room'}");
        stage.settle();
        assertThat(stage.client().roster("room")).isEmpty();
    }

    @Test
    void aClosedClientHasNoRoster() {
        Stage stage = Stage.welcomed();
        stage.socket().say(presence(1, "{'peerId':'alice'}", ""));
        stage.client().close();
        stage.settle();
        assertThat(stage.client().roster("room")).isEmpty();
    }

    private static String presence(long sequence, String joined, String left) {
        return "{'type':'presence','seq':%d,'channel':'room','joined':[%s],'left':[%s]}"
                .formatted(sequence, joined, left);
    }
}
