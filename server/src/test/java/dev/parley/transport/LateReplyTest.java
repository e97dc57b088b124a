// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.ProxySettings;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpApi;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.ServerObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replies of an API that come later than its request was handled. */
class LateReplyTest {

    private final List<String> paths = new ArrayList<>();
    private final List<Consumer<HttpReply>> answers = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    LateReplyTest() {
        NettyLoop loop = new NettyLoop(channel.eventLoop());
        ListenerServices services = new ListenerServices(
                List.of(),
                Map.of(),
                new Later(),
                ListenerServices.Guests.EVERYONE,
                ArrivalThrottle.NONE,
                ProxySettings.none(),
                ServerObserver.NONE);
        channel.pipeline()
                .addLast(new SocketPipeline(
                        services,
                        ClientLimits.defaults(),
                        KeepaliveSettings.defaults(),
                        it -> loop,
                        new FrameEncoder(UnpooledByteBufAllocator.DEFAULT)));
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aRequestIsHandledOnceTheOneBeforeItIsAnswered() {
        ask("/v1/a", "/v1/b", "/v1/c");
        assertThat(paths).containsExactly("/v1/a");
        assertThat(read()).isEmpty();

        answer(0, "to a");
        assertThat(read()).containsOnlyOnce("HTTP/1.1 200").endsWith("to a");
        assertThat(paths).containsExactly("/v1/a", "/v1/b");
        answer(1, "to b");
        answer(2, "to c");
        assertThat(read()).containsSubsequence("to b", "to c");
    }

    @Test
    void aRequestThatIsSentMeanwhileIsHandledToo() {
        ask("/v1/a");
        ask("/v1/b");
        assertThat(paths).containsExactly("/v1/a");
        answer(0, "to a");
        answer(1, "to b");
        assertThat(read()).containsSubsequence("to a", "to b");
    }

    @Test
    void aReplyMayComeFromAnyThread() throws InterruptedException {
        ask("/v1/a");
        Thread other = new Thread(() -> answers.getFirst().accept(reply("from elsewhere")));
        other.start();
        other.join();
        run();
        assertThat(read()).endsWith("from elsewhere");
    }

    @Test
    void aReplyToAClientThatIsGoneIsDropped() {
        ask("/v1/a");
        channel.close();
        answer(0, "nobody reads it");
        assertThat(read()).isEmpty();
    }

    private void ask(String... all) {
        StringBuilder requests = new StringBuilder();
        for (String path : all) {
            requests.append("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        channel.writeInbound(Unpooled.copiedBuffer(requests, StandardCharsets.US_ASCII));
        run();
    }

    private void answer(int number, String body) {
        answers.get(number).accept(reply(body));
        run();
    }

    private void run() {
        for (int turn = 0; turn < 5; turn++) {
            channel.runPendingTasks();
        }
    }

    private String read() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return text.toString();
    }

    private static HttpReply reply(String body) {
        return new HttpReply(200, "text/plain", Map.of(), body.getBytes(StandardCharsets.US_ASCII));
    }

    /** Keeps what is asked. */
    private final class Later implements HttpApi {

        @Override
        public boolean serves(String path) {
            return path.startsWith("/v1/");
        }

        @Override
        public void answer(ClientRequest request, byte[] body, Consumer<HttpReply> answer) {
            paths.add(request.path());
            answers.add(answer);
        }

        @Override
        public HttpReply tooLarge() {
            return reply("too large");
        }

        @Override
        public HttpReply tooMany() {
            return reply("too many");
        }
    }
}
