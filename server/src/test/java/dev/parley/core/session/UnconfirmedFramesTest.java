// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.SessionId;
import dev.parley.core.session.UnconfirmedFrames.Span;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnconfirmedFramesTest {

    private static final SessionId ALICE = new SessionId("epoch", 1);
    private static final SessionId BOB = new SessionId("epoch", 2);

    private final SimulatedFrames frames = new SimulatedFrames();
    private final AddressMemory memory = Terms.unlimited().memory().of("address");
    private final UnconfirmedFrames kept = new UnconfirmedFrames(
            new HeldMessages(memory, new SimulatedConnection(1, new SimulatedLoop(), (client, frame) -> {})));

    @Test
    void framesAreKeptUntilTheClientAcknowledgesThem() {
        add("a", null);
        add("b", null);
        add("c", null);
        assertThat(kept.next()).isEqualTo(4);
        assertThat(kept.forget(2)).isEqualTo(2);
        assertThat(kept.forget(2)).isZero();

        assertThat(kept.list()).hasToString("[text c]");
        assertThat(kept.received()).isEqualTo(2);
        assertThat(frames.live()).isEqualTo(1);
    }

    @Test
    void aClientCanGetTheRestOnlyIfItIsAllKept() {
        add("a", null);
        add("b", null);
        kept.forget(1);

        assertThat(kept.reaches(0)).isFalse();
        assertThat(kept.reaches(1)).isTrue();
        assertThat(kept.reaches(2)).isTrue();
        assertThat(kept.reaches(3)).as("of a number that was never given").isFalse();
        assertThat(kept.knows(3)).isFalse();
    }

    @Test
    void theMemoryIsGivenBackWithTheLastFrame() {
        add("a", null);
        add("b", null);
        assertThat(memory.used()).isPositive();
        assertThat(kept.bytes()).isPositive();
        kept.removeAll();

        assertThat(memory.used()).isZero();
        assertThat(kept.bytes()).isZero();
        assertThat(frames.live()).isZero();
    }

    @Test
    void ofEachSenderTheFirstAndTheLastRequestAreNamed() {
        add("a", new SignalOrigin(ALICE, 5));
        add("presence", null);
        add("b", new SignalOrigin(BOB, 1));
        add("c", new SignalOrigin(ALICE, 9));

        assertThat(kept.removeAll()).containsExactlyInAnyOrder(new Span(ALICE, 5, 9), new Span(BOB, 1, 1));
    }

    private void add(String text, @Nullable SignalOrigin origin) {
        kept.add(frames.text(TextPayload.of(text)), origin);
    }
}
