// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import dev.parley.simulation.Json;
import dev.parley.simulation.SimulatedLoop;
import java.util.Map;

/** Another connection of a peer, of a client that knows nothing of the first. It never resumes. */
final class OtherTab {

    private final String peer;
    private final LastingSimulation world;
    private final Line line;

    /** Its session outlives its socket; else it is a client of plain v1. */
    private final boolean isLasting;

    private boolean isWelcomed;
    private boolean isSubscribed;
    private boolean isLost;
    private long received;

    OtherTab(String peer, boolean isLasting, LastingSimulation world, SimulatedLoop loop) {
        this.peer = peer;
        this.world = world;
        this.isLasting = isLasting;
        this.line = world.line(loop);
        line.open(world.opening((isLasting ? "parley.v1" : "v1") + ", key.red." + peer));
    }

    String peer() {
        return peer;
    }

    /** Nothing of it is left on the client's side. */
    boolean isLost() {
        return isLost;
    }

    /** It is in the channel, and its client is there. */
    boolean isPresent() {
        return isSubscribed && !isLost && line.isAlive();
    }

    /** Reads what there is, and says something on. Returns whether it has read anything. */
    boolean read() {
        boolean hasRead = false;
        while (!isLost && !line.isQuiet()) {
            hasRead = true;
            String frame = line.next();
            if (frame.startsWith("close ")) {
                isLost = true;
            } else {
                note(Json.object(frame.substring("text ".length())));
            }
        }
        return hasRead;
    }

    private void note(Map<String, Object> frame) {
        isWelcomed = true;
        if (frame.containsKey("seq") && !frame.get("type").equals("received")) {
            received = Long.parseLong(String.valueOf(frame.get("seq")));
        }
        if (frame.get("type").equals("direct")) {
            world.history().hearInOtherTab(Integer.parseInt(String.valueOf(frame.get("data"))));
        }
    }

    void subscribe() {
        read();
        if (isWelcomed && !isSubscribed && !isLost) {
            isSubscribed = true;
            line.say("{\"seq\":1,\"type\":\"subscribe\",\"channel\":\"" + LastingPeer.CHANNEL + "\"}");
        }
    }

    /** It closes its socket as a closed tab does. */
    void leave() {
        read();
        if (isLost) {
            return;
        }
        if (isLasting && isWelcomed) {
            line.say("{\"type\":\"received\",\"seq\":" + received + "}");
        }
        line.leave(1000);
        isLost = true;
    }

    /** Its socket breaks. Returns the line, of which the server has not noticed that. */
    Line cut(boolean isSwallowed) {
        isLost = true;
        line.cut(isSwallowed);
        return line;
    }
}
