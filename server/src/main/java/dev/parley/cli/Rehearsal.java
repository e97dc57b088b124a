// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.Server;
import dev.parley.config.HostPort;
import dev.parley.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Starts the server, uses it once and ends. The build records this run in the start-up cache, so that the real start
 * finds its classes loaded and linked.
 */
public final class Rehearsal {

    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String UPGRADE =
            "GET /minimal/rehearsal HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE8}; // masked, code 1000

    private Rehearsal() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        CommandLineInterface.parser().parseArgs("serve", "--listen", "localhost:0", "--admin", "localhost:0");
        Optional<HostPort> anywhere = Optional.of(new HostPort("localhost", 0));
        try (Server server = ServeCommand.start(Settings.development(anywhere, anywhere))) {
            exchange(server.listen().port(), HEALTH, new byte[0]);
            exchange(server.listen().port(), UPGRADE, CLOSE);
        }
        System.exit(0);
    }

    private static void exchange(int port, String request, byte[] more) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(more);
            try (InputStream in = socket.getInputStream()) {
                in.readAllBytes();
            }
        }
    }
}
