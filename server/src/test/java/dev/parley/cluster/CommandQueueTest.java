// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Command;
import dev.parley.core.port.Outcome;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Requester;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.simulation.TextPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order the commands of a node are sent to the store. */
class CommandQueueTest {

    private static final long LATE = Duration.ofSeconds(6).toNanos();

    private final CommandQueue queue = new CommandQueue();
    private final List<Outcome> outcomes = new ArrayList<>();

    @Test
    void anAppWithFewCommandsDoesNotWaitForOneWithMany() {
        for (int i = 0; i < 1_000; i++) {
            add("flooding", "peer-" + i, leave("flooding", i));
        }
        add("quiet", "alice", leave("quiet", 1));

        assertThat(apps(queue.next()).subList(0, 2)).containsExactly("flooding", "quiet");
    }

    @Test
    void aPeerWithFewCommandsDoesNotWaitForOneWithMany() {
        for (int i = 0; i < 1_000; i++) {
            add("app", "mallory", leave("app", i));
        }
        add("app", "alice", leave("app", 5_000));

        assertThat(rooms(queue.next()).subList(0, 3)).containsExactly("0", "5000", "1");
    }

    @Test
    void theCommandsOfAPeerStayInTheirOrder() {
        for (int i = 0; i < 250; i++) {
            add("app", "peer-" + i % 2, leave("app", i));
        }
        List<String> even = new ArrayList<>();
        for (List<StoreCall.Numbered> call = queue.next(); !call.isEmpty(); call = queue.next()) {
            queue.accept(call.getLast().number());
            rooms(call).stream().filter(it -> Integer.parseInt(it) % 2 == 0).forEach(even::add);
        }

        assertThat(even)
                .hasSize(125)
                .isSortedAccordingTo((one, other) -> Integer.parseInt(one) - Integer.parseInt(other));
    }

    @Test
    void aCallThatWasNotAcceptedIsSentAgainAsItWas() {
        add("app", "alice", leave("app", 1));
        List<StoreCall.Numbered> call = queue.next();
        add("app", "bob", leave("app", 2));

        assertThat(queue.next()).isEqualTo(call);
        queue.accept(call.getLast().number());
        assertThat(rooms(queue.next())).containsExactly("2");
    }

    @Test
    void aCallTakesOnlySoManyBytesOfSignals() {
        for (int i = 0; i < 20; i++) {
            add("app", "alice", send("x".repeat(60_000)));
        }

        assertThat(queue.next()).hasSize(5);
    }

    @Test
    void aSignalThatWaitedForTooLongMayBeDoneOnlyIfItWasSent() {
        add("app", "alice", send("sent"));
        queue.next();
        add("app", "alice", send("not sent"));
        add("app", "alice", leave("app", 1));
        queue.expire(LATE);

        assertThat(outcomes).containsExactly(new Outcome.Unavailable(true), new Outcome.Unavailable(false));
        assertThat(queue.isEmpty()).isFalse();
    }

    @Test
    void aPeerWithSmallSignalsDoesNotWaitForOneWithLargeOnes() {
        for (int i = 0; i < 100; i++) {
            add("app", "mallory", send("x".repeat(60_000)));
        }
        for (int i = 0; i < 10; i++) {
            add("app", "alice", leave("app", i));
        }

        assertThat(queue.next())
                .extracting(StoreCall.Numbered::command)
                .filteredOn(Command.Leave.class::isInstance)
                .hasSize(10);
    }

    @Test
    void aClientWithOneConnectionDoesNotWaitForManyAtAnotherAddress() {
        for (int peer = 0; peer < 200; peer++) {
            for (int i = 0; i < 10; i++) {
                add("app", new Requester("192.0.2.66", "mallory-" + peer), leave("app", i));
            }
        }
        for (int i = 0; i < 50; i++) {
            add("app", new Requester("192.0.2.1", "alice"), leave("app", 1_000 + i));
        }

        assertThat(rooms(queue.next())).filteredOn(room -> room.length() == 4).hasSize(50);
    }

    private void add(String app, String peer, Command command) {
        add(app, new Requester("192.0.2.1", peer), command);
    }

    private void add(String app, Requester requester, Command command) {
        assertThat(command.app()).isEqualTo(app);
        queue.add(requester, command, outcomes::add, 0);
    }

    private static Command leave(String app, int room) {
        return new Command.Leave(app, Integer.toString(room), new SessionId("node", 1));
    }

    private static Command send(String text) {
        SignalHead head = new SignalHead(new PeerIdentity("alice", null), new SessionId("node", 1), 0, "192.0.2.1");
        return new Command.Send("app", "bob", head, new Signal(Signal.Kind.TEXT, TextPayload.of(text)));
    }

    private static List<String> apps(List<StoreCall.Numbered> call) {
        return call.stream().map(it -> it.command().app()).toList();
    }

    private static List<String> rooms(List<StoreCall.Numbered> call) {
        return call.stream().map(it -> ((Command.Leave) it.command()).room()).toList();
    }
}
