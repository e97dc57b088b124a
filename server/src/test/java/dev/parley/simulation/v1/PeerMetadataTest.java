// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.KeyRights;
import dev.parley.core.access.App;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.ClaimedRights;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.access.VisitorFlaw;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.session.Session;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two devices of one peer bring different metadata: whoever looks at the peer sees the same. */
class PeerMetadataTest {

    private static final Duration STEP = Duration.ofMillis(50);
    private static final String PHONE = "{\"on\":\"phone\"}";
    private static final String LAPTOP = "{\"on\":\"laptop\"}";
    private static final App APP = new App("red");

    private final TestServer server = TestServer.of(new SimulatedFrames());
    private final V1Dialect dialect = server.v1(new Devices());
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> witnessed = new ArrayList<>();
    private final Set<Long> silent = new HashSet<>();
    private long ids;

    @BeforeEach
    void aWitnessIsThere() {
        subscribe(connect("witness.", witnessed));
    }

    @Test
    void whatTheFirstDeviceBroughtStaysWhenItLeavesBeforeTheOther() {
        SimulatedConnection phone = connect("alice.phone", new ArrayList<>());
        subscribe(phone);
        SimulatedConnection laptop = connect("alice.laptop", new ArrayList<>());
        subscribe(laptop);
        seesEverywhere(PHONE, laptop);
        witnessed.clear();

        phone.end(new ConnectionEnding.Left(1000));
        pass(Duration.ofSeconds(1));
        assertThat(witnessed).isEmpty();
        seesEverywhere(PHONE, laptop);
    }

    @Test
    void aPeerThatLeavesAndComesAgainShowsWhatItBringsThen() {
        SimulatedConnection phone = connect("alice.phone", new ArrayList<>());
        subscribe(phone);
        phone.end(new ConnectionEnding.Left(1000));
        SimulatedConnection laptop = connect("alice.laptop", new ArrayList<>());
        subscribe(laptop);
        assertThat(witnessed.getLast()).contains("\"joined\":[{\"peerId\":\"alice\",\"metadata\":" + LAPTOP + "}]");
        seesEverywhere(LAPTOP, laptop);
    }

    @Test
    void aPeerWhoseOldConnectionIsDeadShowsWhatTheNewOneBringsOnceItIsGone() {
        SimulatedConnection phone = connect("alice.phone", new ArrayList<>());
        subscribe(phone);
        silent.add(phone.id());
        SimulatedConnection laptop = connect("alice.laptop", new ArrayList<>());
        SimulatedConnection tablet = connect("alice.tablet", new ArrayList<>());
        pass(Duration.ofMillis(500));
        seesEverywhere(PHONE, laptop);
        subscribe(laptop);
        pass(Duration.ofSeconds(1));
        assertThat(witnessed.getLast()).contains("\"joined\":[{\"peerId\":\"alice\",\"metadata\":" + LAPTOP + "}]");
        seesEverywhere(LAPTOP, laptop);
        seesEverywhere(LAPTOP, tablet);
    }

    /** The sender is one of the peer's devices. */
    private void seesEverywhere(String metadata, SimulatedConnection sender) {
        AppDirectory directory = server.app(APP.id());
        assertThat(directory.rooms().roster("stage", "", Integer.MAX_VALUE))
                .contains(new PeerIdentity("alice", metadata));
        assertThat(directory.peers().sessionsOf("alice"))
                .extracting(Session::peer)
                .containsOnly(new PeerIdentity("alice", metadata));
        List<String> read = new ArrayList<>();
        SimulatedConnection newcomer = connect("newcomer.", read);
        subscribe(newcomer);
        assertThat(read.getLast()).contains("{\"peerId\":\"alice\",\"metadata\":" + metadata + "}");
        say(sender, "{\"type\":\"send\",\"to\":\"newcomer\",\"data\":1}");
        assertThat(read.getLast()).contains("\"fromMetadata\":" + metadata);
        newcomer.end(new ConnectionEnding.Left(1000));
        pass(Duration.ofSeconds(0));
        witnessed.removeIf(frame -> frame.contains("newcomer"));
    }

    private SimulatedConnection connect(String key, List<String> read) {
        SimulatedConnection connection = new SimulatedConnection(++ids, loop, (client, frame) -> read.add(frame)) {
            @Override
            protected void pinged() {
                if (!silent.contains(id())) {
                    loop().post(this::pong);
                }
            }
        };
        if (dialect.receive(Requests.offering("v1, key.red." + key)) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        pass(Duration.ZERO);
        return connection;
    }

    private void subscribe(SimulatedConnection connection) {
        say(connection, "{\"type\":\"subscribe\",\"channel\":\"stage\"}");
    }

    private void say(SimulatedConnection connection, String text) {
        connection.conversation().text(TextPayload.of(text));
        pass(Duration.ofMillis(100));
    }

    private void pass(Duration time) {
        run();
        for (long end = loop.now() + time.toNanos(); loop.now() < end; run()) {
            loop.advance(STEP);
        }
    }

    private void run() {
        loop.advance(Duration.ZERO);
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }

    /** A key is an app, a peer id, and the device, if it is one of several. */
    private static final class Devices implements Authenticator {

        private static final GrantAuthority EVERYTHING =
                new GrantAuthority("everything", GrantPowers.of(KeyRights.all()));

        @Override
        public void authenticate(ConnectingClient visitor, Consumer<AuthenticationResult> answer) {
            String[] names = ((Credential.Key) visitor.credential()).id().split("\\.", -1);
            PeerIdentity peer = new PeerIdentity(names[1], names[2].isEmpty() ? null : "{\"on\":\"" + names[2] + "\"}");
            answer.accept(new AuthenticationResult.Granted(
                    new Grant(APP, peer, EVERYTHING, ClaimedRights.ALL, Grant.NEVER, null)));
        }

        @Override
        public @Nullable VisitorFlaw flaw(ConnectingClient visitor) {
            return null;
        }
    }
}
