// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.KeyRights;
import dev.parley.core.access.App;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.Authenticator;
import dev.parley.core.access.ClaimedRights;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.access.VisitorFlaw;
import dev.parley.core.port.ConnectionEnding;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.relay.AppDirectory;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.TestServer;
import dev.parley.simulation.TextPayload;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Grants that end at an unlucky moment. */
class ExpiryTest {

    private static final App APP = new App("app");
    private static final GrantAuthority AUTHORITY = new GrantAuthority("key", GrantPowers.of(KeyRights.all()));

    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> heard = new ArrayList<>();
    private final Deque<Consumer<AuthenticationResult>> asked = new ArrayDeque<>();
    private final Deque<ConnectingClient> visitors = new ArrayDeque<>();

    /** What the clock shows each time it is asked, in milliseconds; the last one from then on. */
    private final Deque<Long> times = new ArrayDeque<>();

    private final TestServer server = TestServer.with().clock(clock()).build(new SimulatedFrames());
    private final V1Dialect dialect = server.v1(new Later());

    @Test
    void aGrantThatEndsWhileItsHolderIsWelcomedLeavesNothing() {
        times.addAll(List.of(0L, 0L, 100_000L));
        connect();
        verdict(100);

        assertThat(heard).last().isEqualTo("close 4002 token_expired");
        nothingRemains();
    }

    @Test
    void aTokenThatIsFoundGoodWhenItsHolderIsGoneKeepsNoTimer() {
        times.add(0L);
        SimulatedConnection connection = connect();
        verdict(100);
        connection.conversation().text(TextPayload.of("{\"type\":\"refresh\",\"token\":\"t\"}"));
        connection.end(new ConnectionEnding.Left(1000));
        verdict(1_000_000);

        assertThat(loop.isWaiting()).isFalse();
        nothingRemains();
    }

    @Test
    void whatAClientShowedToBeLetInIsNotKeptForItsLife() {
        times.add(0L);
        SimulatedConnection connection = connect();
        WeakReference<ConnectingClient> visitor = new WeakReference<>(visitors.removeFirst());
        verdict(100);

        for (int i = 0; i < 100 && visitor.get() != null; i++) {
            System.gc();
        }
        assertThat(visitor.get()).isNull();
        connection.end(new ConnectionEnding.Left(1000));
        nothingRemains();
    }

    @Test
    void oneTokenAtATimeIsLookedAt() {
        times.add(0L);
        SimulatedConnection connection = connect();
        verdict(100);
        refresh(connection, 1);
        refresh(connection, 2);
        runAll();
        assertThat(heard).last().asString().contains("\"requestId\":\"2\"", "\"backend_error\"");

        verdict(1_000);
        assertThat(heard).last().asString().contains("\"ack\",\"requestId\":\"1\"", "1000");
        refresh(connection, 3);
        verdict(2_000);
        assertThat(heard).last().asString().contains("\"ack\",\"requestId\":\"3\"", "2000");
    }

    @Test
    void aTokenThatEndsInAnInstantIsNotAcknowledgedAndTheOlderOneStaysGood() {
        times.add(0L);
        SimulatedConnection connection = connect();
        verdict(100);
        refresh(connection, 1);
        verdict(0);

        assertThat(heard).last().asString().contains("\"token_expired\"");
    }

    @Test
    void aTokenWhoseKeyWasTakenOutMeanwhileIsNotAcknowledged() {
        times.add(0L);
        SimulatedConnection connection = connect();
        verdict(100);
        refresh(connection, 1);
        GrantAuthority withdrawn = new GrantAuthority("other", GrantPowers.of(KeyRights.all()));
        withdrawn.withdraw();
        answer(new Grant(APP, new PeerIdentity("alice", null), withdrawn, ClaimedRights.ALL, 1_000, null));

        assertThat(heard).last().asString().contains("\"requestId\":\"1\"", "\"invalid_token\"");
    }

    private static void refresh(SimulatedConnection connection, int request) {
        connection
                .conversation()
                .text(TextPayload.of("{\"type\":\"refresh\",\"requestId\":\"" + request + "\",\"token\":\"t\"}"));
    }

    private SimulatedConnection connect() {
        SimulatedConnection connection = new SimulatedConnection(1, loop, (client, frame) -> heard.add(frame));
        if (dialect.receive(Requests.get("/v1", "key=k")) instanceof Dialect.Accepted accepted) {
            connection.open(accepted.opening());
        }
        return connection;
    }

    private void verdict(long expiresAt) {
        answer(new Grant(APP, new PeerIdentity("alice", null), AUTHORITY, ClaimedRights.ALL, expiresAt, null));
    }

    private void answer(Grant grant) {
        asked.removeFirst().accept(new AuthenticationResult.Granted(grant));
        runAll();
    }

    private void runAll() {
        while (!loop.isIdle()) {
            loop.runNext();
        }
    }

    private void nothingRemains() {
        AppDirectory directory = server.app(APP.id());
        assertThat(directory.peers().count()).isZero();
        assertThat(directory.usage().connections()).isZero();
    }

    private InstantSource clock() {
        return () ->
                Instant.ofEpochMilli(times.size() > 1 ? times.removeFirst() : times.isEmpty() ? 0 : times.getFirst());
    }

    /** Answers when the test does. */
    private final class Later implements Authenticator {

        @Override
        public void authenticate(ConnectingClient visitor, Consumer<AuthenticationResult> answer) {
            visitors.add(visitor);
            asked.add(answer);
        }

        @Override
        public @Nullable VisitorFlaw flaw(ConnectingClient visitor) {
            return null;
        }
    }
}
