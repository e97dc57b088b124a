// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.room;

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
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A message to a room until each member's connection has it: core alone, nothing encoded and no socket. All loops run
 * on this thread, so what two of them cost each other is not in the figure.
 */
public class FanOutBenchmark extends Measured {

    private static final String ROOM = "room-1";

    @Param({"1", "100", "1000"})
    public int members;

    @Param({"1", "2"})
    public int loops;

    private final Payload payload = Payload.of(new byte[0]);
    private final Signal signal = new Signal(Signal.Kind.TEXT, payload);
    private final Frame frame = new Counted();
    private final List<Posted> turns = new ArrayList<>();
    private final ClientProtocol protocol = event -> frame.retain();
    private final RoomRegistry rooms = new RoomRegistry(() -> name -> Integer.MAX_VALUE);
    private Session sender = session(new Posted(), "sender");

    /** The sender is a member too. */
    @Setup
    public void fill() {
        for (int i = 0; i < loops; i++) {
            turns.add(new Posted());
        }
        sender = session(turns.getFirst(), "sender");
        join(sender);
        for (int i = 0; i < members; i++) {
            join(session(turns.get(i % loops), "peer-" + i));
        }
        run();
    }

    @Benchmark
    public int publish() {
        int receivers = rooms.publish(ROOM, sender, signal);
        run();
        return receivers;
    }

    private void join(Session session) {
        rooms.join(ROOM, session, new MemberInterest(false, false), Integer.MAX_VALUE);
    }

    private void run() {
        for (Posted turn : turns) {
            turn.runAll();
        }
    }

    private Session session(Posted loop, String id) {
        return new PlainSession(new Deaf(loop), new PeerIdentity(id, null), "key", NoLimits.terms(), protocol);
    }
}
