// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import dev.parley.core.port.ClientProtocol;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Payload;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.Signal;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import dev.parley.microbench.Counted;
import dev.parley.microbench.Deaf;
import dev.parley.microbench.Measured;
import dev.parley.microbench.NoLimits;
import dev.parley.microbench.Posted;
import org.openjdk.jmh.annotations.Benchmark;

/** A message to one of a thousand peers until its connection has it: core alone, nothing encoded and no socket. */
public class PeersBenchmark extends Measured {

    private static final int PEERS = 1000;

    private final Signal signal = new Signal(Signal.Kind.TEXT, Payload.of(new byte[0]));
    private final Frame frame = new Counted();
    private final Posted loop = new Posted();
    private final ClientProtocol protocol = event -> frame.retain();
    private final PeerRegistry peers = new PeerRegistry();
    private final Session from = session("sender");

    public PeersBenchmark() {
        for (int i = 0; i < PEERS; i++) {
            peers.arrive(session("peer-" + i));
        }
        loop.runAll();
    }

    private Session session(String id) {
        return new PlainSession(new Deaf(loop), new PeerIdentity(id, null), "key", NoLimits.terms(), protocol);
    }

    @Benchmark
    public int send() {
        int receivers = peers.send(from, null, "peer-500", signal, null, 0, SignalAnswers.NONE);
        if (receivers < 0) {
            throw new IllegalStateException("a receiver is busy");
        }
        loop.runAll();
        return receivers;
    }
}
