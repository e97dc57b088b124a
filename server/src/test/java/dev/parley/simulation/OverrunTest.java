// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverrunTest {

    @Test
    void aLoopThatFallsBehindHoldsNoMoreThanTheBoundAndItsClientIsClosedBehindAnUnbrokenBeginning() {
        SimulatedFrames frames = new SimulatedFrames();
        SimulatedLoop loop = new SimulatedLoop();
        List<String> heard = new ArrayList<>();
        SimulatedConnection connection = new SimulatedConnection(1, loop, (client, frame) -> {}) {
            @Override
            public void send(Frame frame) {
                heard.add(frame.toString());
                frame.release();
            }

            @Override
            public void close(CloseCode code) {
                heard.add(code.reason());
            }
        };
        Session session = new PlainSession(
                connection,
                new PeerIdentity("receiver", null),
                "key",
                Terms.queueing("text 0".length() * 3),
                event -> null);

        for (int i = 0; i < 9; i++) {
            session.post(frames.text(TextPayload.of(Integer.toString(i))));
        }
        assertThat(frames.live()).isEqualTo(3);
        while (!loop.isIdle()) {
            loop.runNext();
        }

        assertThat(heard).containsExactly("text 0", "text 1", "text 2", "slow consumer");
        assertThat(frames.live()).isZero();
    }
}
