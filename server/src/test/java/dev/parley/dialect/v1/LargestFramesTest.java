// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Frame;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SessionEvent;
import dev.parley.simulation.SimulatedFrames;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The largest frames that the server makes of its own are still accepted by clients: docs/protocol.md, "Limits". */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class LargestFramesTest {

    /** Bytes; and so UTF-16 units, which are never more. */
    private static final int MAX_FRAME_BYTES = 1 << 20;

    /** As many peers as one notification names: core divides more into parts. */
    private static final int PART = 3_500;

    /** Names of which each character is escaped. */
    private static final String LONGEST_ID = "\"".repeat(128);

    private static final String LONGEST_CHANNEL = "\ud800".repeat(256);

    private final V1Messages messages = new V1Messages(new SimulatedFrames());

    @ParameterizedTest
    @CsvSource({"a, 4000", "\u00e9, 2000", "\u20ac, 1300", "\ud83d\ude00, 1000"})
    void aRosterFitsWithWhateverItsPeersShow(String character, int times) {
        for (int peers : new int[] {200, 230, 250, 1_000, PART}) {
            String metadata = "{\"m\":\"" + character.repeat(times) + "\"}";
            List<PeerIdentity> others = Collections.nCopies(peers, new PeerIdentity(LONGEST_ID, metadata));

            assertThat(bytes(new SessionEvent.Roster(LONGEST_CHANNEL, others))).isLessThan(MAX_FRAME_BYTES);
            assertThat(bytes(new SessionEvent.Changed(LONGEST_CHANNEL, others, List.of())))
                    .isLessThan(MAX_FRAME_BYTES);
        }
    }

    @Test
    void aRosterShowsMetadataAsLongAsItFits() {
        List<PeerIdentity> others =
                Collections.nCopies(230, new PeerIdentity("bob", "{\"m\":\"" + "\u20ac".repeat(1_300) + "\"}"));

        assertThat(text(new SessionEvent.Roster("room", others))).contains("\u20ac");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void wordOfPeersThatAreWaitedForFits(boolean areBack) {
        List<String> peers = Collections.nCopies(PART, LONGEST_ID);

        assertThat(bytes(new SessionEvent.Waiting(LONGEST_CHANNEL, peers, areBack)))
                .isLessThan(MAX_FRAME_BYTES);
    }

    private int bytes(SessionEvent event) {
        return text(event).getBytes(StandardCharsets.UTF_8).length;
    }

    private String text(SessionEvent event) {
        Frame frame = messages.number(requireNonNull(messages.encode(event)), (1L << 53) - 1);
        String text = frame.toString();
        frame.release();
        return text;
    }
}
