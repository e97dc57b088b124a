// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is to be measured.
 *
 * @param scenario what clients do
 * @param speech what they speak
 * @param credential what they show to be let in
 * @param servers where they connect
 * @param load how much they ask
 * @param share which clients this process makes, and how
 * @param options what matters to some scenarios or protocols only
 */
public record BenchPlan(
        Play scenario,
        Speech speech,
        Credential credential,
        Servers servers,
        LoadSize load,
        ClientShare share,
        Options options) {

    /** Where clients connect: the first of a pair, and the second. */
    public record Servers(InetSocketAddress first, InetSocketAddress second) {

        /** Returns the server of the client with this number. */
        InetSocketAddress of(int client) {
            return client % 2 == 0 ? first : second;
        }
    }

    /**
     * The clients of one process.
     *
     * @param first the number of the first client: processes that measure together number theirs apart
     * @param underWay how many connections it makes at once
     * @param sources how many addresses of the loopback range they come from
     */
    public record ClientShare(int first, int underWay, int sources) {}

    /**
     * What matters to some scenarios or protocols only.
     *
     * @param acknowledged whether each signal is to be acknowledged too
     * @param signaling which part of idle clients exchanges signals
     * @param lifetime how long a connection lasts at most that is to be lost
     */
    public record Options(boolean acknowledged, double signaling, Duration lifetime) {}

    /** The scenarios, by their names on the command line. */
    public enum Play {
        /** Signals between pairs. */
        RELAY,
        /** Whole calls, from connecting to leaving. */
        CALL,
        /** One publishes to all others of its room. */
        FANOUT,
        /** All join one room within a short time. */
        JOIN_STORM,
        /** Clients connect and stay. */
        IDLE,
        /** They connect, are let in and leave. */
        HANDSHAKE,
        /** All lose their connections at once and come back. */
        RECONNECT_STORM,
        /** Pairs lose their connections again and again, and nothing of what they say to each other. */
        FLAKY
    }

    /** The protocols, by their names on the command line. */
    public enum Speech {
        /** See docs/protocol.md. */
        V1,
        /** See docs/continuity.md. */
        PARLEY_V1,
        /** Whatever one says goes to the others of the room in the path. */
        MINIMAL,
        /** Of the PeerJS server. */
        PEERJS,
        /** Socket.IO with the events {@code join} and {@code signal}. */
        SOCKETIO,
        /** Bytes between pairs of sockets. */
        TCP
    }

    /** What is shown to be let in: by each client the next of these. */
    public record Credential(String kind, List<String> values) {}

    /** What stands in the way of measuring this. */
    public Optional<String> fault() {
        boolean isPublishing = scenario == Play.FANOUT && (speech == Speech.PEERJS || speech == Speech.TCP);
        boolean isJoining = scenario == Play.JOIN_STORM && speech != Speech.V1 && speech != Speech.PARLEY_V1;
        if (scenario == Play.FLAKY && speech != Speech.PARLEY_V1) {
            return Optional.of("flaky needs --protocol parley-v1: others lose what is under way");
        }
        if (isPublishing || isJoining) {
            return Optional.of("this protocol has no " + (isPublishing ? "rooms to publish in" : "word for joining"));
        }
        boolean isRelaying = speech != Speech.TCP || scenario == Play.RELAY;
        return isRelaying ? Optional.empty() : Optional.of("bare TCP only relays");
    }

    /** Returns the scenario of pairs that lose their connections. */
    FlakyScenario flaky() {
        AtomicInteger turn = new AtomicInteger();
        InetSocketAddress server = servers.first();
        URI url = URI.create("ws://" + server.getHostString() + ":" + server.getPort() + "/v1");
        return new FlakyScenario(url, () -> credential(turn.getAndIncrement()), load, options.lifetime());
    }

    private dev.parley.client.Credential credential(int number) {
        String value = credential.values().get(number % credential.values().size());
        return credential.kind().equals("key")
                ? dev.parley.client.Credential.key(value)
                : dev.parley.client.Credential.token(value);
    }

    BenchProtocol protocol() {
        return switch (speech) {
            case V1 -> new V1Protocol(credential.kind(), credential.values(), options.acknowledged());
            case PARLEY_V1 -> new ParleyV1Protocol(credential.kind(), credential.values(), options.acknowledged());
            case MINIMAL -> new MinimalProtocol(credential.values().getFirst());
            case PEERJS -> new PeerJsProtocol();
            case SOCKETIO -> new SocketIoProtocol();
            case TCP -> new TcpProtocol(load.data().length());
        };
    }
}
