// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AddressRange;
import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ProxySettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.ServerObserver;
import dev.parley.dialect.minimal.MinimalDialect;
import dev.parley.rawclient.RawClient;
import dev.parley.simulation.TestServer;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketPipelineTest {

    @Test
    void nothingOfHttpStaysOnAnUpgradedSocket() {
        List<List<String>> stages = stages(frames -> minimal(frames));

        assertThat(stages.get(0))
                .containsExactly("first FirstBytes", "http CombinedChannelDuplexHandler", "requests RequestHandler");
        assertThat(stages.get(1)).containsExactly("websocket WebSocketHandler");
    }

    @Test
    void theConformanceSuiteMeetsThePipelineOfProduction() {
        assertThat(stages(EchoDialect::new)).isEqualTo(stages(frames -> minimal(frames)));
    }

    @Test
    void nothingOfTheProxyProtocolStaysBehindItsHeader() {
        ProxySettings proxies =
                new ProxySettings(List.of(new AddressRange(InetAddress.getLoopbackAddress(), 32)), true);
        ListenerServices services = new ListenerServices(
                List.of(),
                Map.of(),
                null,
                ListenerServices.Guests.EVERYONE,
                ArrivalThrottle.NONE,
                proxies,
                ServerObserver.NONE);
        EmbeddedChannel channel = accepted(services, new FrameEncoder(UnpooledByteBufAllocator.DEFAULT));

        assertThat(handlers(channel))
                .containsExactly(
                        "proxy HAProxyMessageDecoder",
                        "header ProxyHeader",
                        "http CombinedChannelDuplexHandler",
                        "requests RequestHandler");
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000")));
        assertThat(handlers(channel)).containsExactly("http CombinedChannelDuplexHandler", "requests RequestHandler");
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingIsDecodedOrKeptBehindTheLastAnswer() {
        EmbeddedChannel channel = accepted(
                ListenerServices.local(List.of(), Map.of()), new FrameEncoder(UnpooledByteBufAllocator.DEFAULT));
        channel.writeInbound(Unpooled.copiedBuffer("no request\r\n\r\nGET /begun", StandardCharsets.US_ASCII));

        assertThat(handlers(channel)).containsExactly("requests RequestHandler");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void relaysOnEpollAndOnNio(boolean isEpoll) throws Exception {
        try (NettyTransport transport = new NettyTransport(
                ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults(), 2, isEpoll)) {
            ListenerServices services = ListenerServices.local(List.of(minimal(transport.frames())), Map.of());
            int port = transport.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), services);
            try (RawClient first = RawClient.open(port, "/");
                    RawClient second = RawClient.open(port, "/")) {
                second.read();
                first.read();
                first.read();
                second.text("hello");
                assertThat(first.read()).isEqualTo("text hello");
                second.send(RawClient.frame(0x83, new byte[0]));
                assertThat(second.read()).isEqualTo("close 1002 reserved opcode");
                assertThat(second.read()).isEqualTo("end");
            }
        }
    }

    /** The handlers of a socket, before and after its upgrade. */
    private static List<List<String>> stages(Function<FrameFactory, Dialect> dialect) {
        FrameEncoder encoder = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT);
        EmbeddedChannel channel = accepted(
                ListenerServices.local(List.of(dialect.apply(new WebSocketFrames(encoder))), Map.of()), encoder);
        List<String> accepted = handlers(channel);
        channel.writeInbound(channel.alloc()
                .buffer()
                .writeBytes(RawClient.handshake("/", "Host: localhost").getBytes(StandardCharsets.UTF_8)));
        List<String> upgraded = handlers(channel);
        channel.finishAndReleaseAll();
        return List.of(accepted, upgraded);
    }

    private static EmbeddedChannel accepted(ListenerServices services, FrameEncoder encoder) {
        EmbeddedChannel channel = new EmbeddedChannel();
        NettyLoop loop = new NettyLoop(channel.eventLoop());
        channel.pipeline()
                .addLast(new SocketPipeline(
                        services, ClientLimits.defaults(), KeepaliveSettings.defaults(), it -> loop, encoder));
        return channel;
    }

    private static List<String> handlers(Channel channel) {
        Map<String, ChannelHandler> handlers = channel.pipeline().toMap();
        return handlers.entrySet().stream()
                .map(it -> it.getKey() + " " + it.getValue().getClass().getSimpleName())
                .filter(it -> !it.startsWith("EmbeddedChannel"))
                .toList();
    }

    private static MinimalDialect minimal(FrameFactory frames) {
        return TestServer.of(frames).minimal();
    }
}
