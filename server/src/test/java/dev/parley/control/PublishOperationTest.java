// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.KeyRights;
import dev.parley.core.access.App;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.ChannelPattern;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.Frame;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.SharedReplies;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.json.JsonFault;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TextPayload;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a publication of a back end costs. What it does is in wire.rest. */
class PublishOperationTest {

    private static final int PATTERNS = 50;

    private final SimulatedFrames frames = new SimulatedFrames();
    private final AppDirectory directory = new AppDirectory(() -> 0, Duration.ZERO, Terms.unlimited());
    private final InstantSource clock = InstantSource.system();

    @Test
    void comparisonsWithPatternsAreChargedToTheKey() throws ApiRefusedException, JsonFault {
        SimulatedConnection connection = new SimulatedConnection(1, new SimulatedLoop(), (client, frame) -> {});
        Session session =
                new PlainSession(connection, new PeerIdentity("p", null), "key", Terms.unlimited(), event -> encode());
        assertThat(publish()).isZero();

        for (int i = 0; i < PATTERNS; i++) {
            directory
                    .rooms()
                    .listen(ChannelPattern.of("*a".repeat(100) + "b" + i), session, MemberInterest.of(false, false));
        }
        int comparisons = PATTERNS * 200 * 4;
        assertThat(publish()).isBetween(comparisons / 16 - PATTERNS, comparisons / 16 + PATTERNS);
    }

    /** Returns the steps of {@link RequestEffort}. */
    private int publish() throws ApiRefusedException, JsonFault {
        ClientRequest request =
                new ClientRequest("POST", "/", "", header -> List.of(), InetAddress.getLoopbackAddress());
        byte[] body = "{\"data\":1}".getBytes(StandardCharsets.UTF_8);
        BackEnd backEnd = new BackEnd(new App("app"), new GrantAuthority("sk", GrantPowers.of(KeyRights.all())));
        ApiCall call = new ApiCall(backEnd, directory, request, "a".repeat(200), body);
        List<HttpReply> replies = new ArrayList<>();
        new PublishOperation(new RememberedReplies(clock, SharedReplies.NONE), clock).perform(call, replies::add);
        assertThat(replies).singleElement().extracting(HttpReply::status).isEqualTo(200);
        return call.effort().steps();
    }

    private Frame encode() {
        return frames.text(TextPayload.of("event"));
    }
}
