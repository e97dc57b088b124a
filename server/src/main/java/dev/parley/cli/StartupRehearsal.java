// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.HeldSignal;
import dev.parley.boot.ParleyServer;
import dev.parley.config.HostPort;
import dev.parley.config.ServerSettings;
import dev.parley.config.file.ConfigurationSources;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Starts the server, uses it once and ends. The build records this run in the start-up cache, so that the real start
 * finds its classes loaded and linked.
 */
public final class StartupRehearsal {

    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String UPGRADE =
            " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    private static final byte[] SUBSCRIBE =
            text("{\"type\":\"subscribe\",\"requestId\":\"1\",\"channel\":\"rehearsal\"}");
    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE8}; // masked, code 1000

    private StartupRehearsal() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        StopSignals.handle();
        CommandLineInterface.parser().parseArgs("serve", "--listen", "localhost:0", "--admin", "localhost:0");
        Class.forName("dev.parley.Main"); // where every start begins but this one
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("PARLEY_"));
        Optional<HostPort> anywhere = Optional.of(new HostPort("localhost", 0));
        ConfigurationSources sources =
                new ConfigurationSources(Optional.empty(), environment, anywhere, anywhere, NewSecret.make());
        try (ParleyServer server = ServingProcess.start(sources)) {
            HeldSignal.release(() -> {});
            int port = server.listen().port();
            exchange(port, HEALTH);
            exchange(port, "GET /minimal/rehearsal" + UPGRADE, new Step("welcome", CLOSE));
            exchange(
                    port,
                    "GET /v1?key=" + ServerSettings.DEVELOPMENT_KEY + UPGRADE,
                    new Step("welcome", SUBSCRIBE),
                    new Step("presence", CLOSE));
        }
        System.exit(0);
    }

    /** Once the word was read, the frame is sent. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Step(String word, byte[] frame) {}

    /** Sends a request, takes the steps, and reads to the end. */
    private static void exchange(int port, String request, Step... steps) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            for (Step step : steps) {
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf(step.word()) < 0) {
                    int next = in.read();
                    if (next < 0) {
                        throw new IOException("no " + step.word() + " in " + answer);
                    }
                    answer.append((char) next);
                }
                out.write(step.frame());
            }
            in.readAllBytes();
        }
    }

    /** Returns a short text frame, masked with zeros. */
    private static byte[] text(String payload) {
        byte[] frame = new byte[6 + payload.length()];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length());
        System.arraycopy(payload.getBytes(StandardCharsets.US_ASCII), 0, frame, 6, payload.length());
        return frame;
    }
}
