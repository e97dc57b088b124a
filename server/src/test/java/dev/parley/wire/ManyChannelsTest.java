// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ManyChannelsTest {

    private static final int CHANNELS = 100;

    @Test
    void aClientThatSubscribesToAllItsChannelsAtOnceIsNotPingedForEach() {
        try (TestServer server = TestServer.start();
                RawClient client = server.open("/v1?key=pk_live_demo")) {
            client.read();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < CHANNELS; i++) {
                String subscribe = "{\"type\":\"subscribe\",\"channel\":\"" + i + "\"}";
                all.writeBytes(RawClient.frame(0x81, subscribe.getBytes(StandardCharsets.UTF_8)));
            }
            client.send(all.toByteArray());
            int pings = 0;
            for (int rosters = 0; rosters < CHANNELS; ) {
                String frame = client.read();
                if (frame.startsWith("ping ")) {
                    pings++;
                    client.send(RawClient.frame(0x8A, HexFormat.of().parseHex(frame.substring("ping ".length()))));
                } else {
                    assertThat(frame).contains("\"presence\"");
                    rosters++;
                }
            }
            assertThat(pings).isLessThan(30); // a few, more if the machine is slow; ws takes no more than 60
        }
    }

    @Test
    void aClientThatAnswersNoPingEntersAllTheSame() {
        try (TestServer server = TestServer.start();
                RawClient client = server.open("/v1?key=pk_live_demo")) {
            client.read();
            client.text("{\"type\":\"subscribe\",\"channel\":\"a\"}");
            assertThat(client.read()).startsWith("ping");
            assertThat(client.read()).contains("\"presence\"");
        }
    }
}
