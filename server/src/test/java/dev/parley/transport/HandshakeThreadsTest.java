// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.ClientLimits;
import dev.parley.config.DrainSettings;
import dev.parley.config.KeepaliveSettings;
import dev.parley.config.TlsSettings;
import dev.parley.core.port.HttpReply;
import dev.parley.rawclient.RawClient;
import dev.parley.wire.TestCertificate;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures of TLS handshakes keep no loop busy. */
class HandshakeThreadsTest {

    private static final String GET = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL_REFCNT"})
    void aHandshakeThatWaitsForItsSignatureKeepsNobodyWaiting(SslProvider provider) throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        TlsSettings settings = TestCertificate.make("EC").settings();
        try (TlsCertificates tls = TlsCertificates.with(settings, provider, tasks::add);
                NettyTransport transport = transport();
                RawClient waiting = RawClient.tcp(listen(transport, tls));
                RawClient other = RawClient.tcp(listen(transport, null))) {
            CompletableFuture<RawClient> done = CompletableFuture.supplyAsync(waiting::secure);
            Runnable task = tasks.poll(20, TimeUnit.SECONDS);
            assertThat(task).isNotNull();
            other.send(GET);
            assertThat(other.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(done).isNotDone();

            while (!done.isDone()) {
                if (task != null) {
                    task.run();
                }
                task = tasks.poll(10, TimeUnit.MILLISECONDS);
            }
            try (RawClient secured = done.get()) {
                secured.send(GET);
                assertThat(secured.readHead()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void boringSslHasAnotherThreadSign(String version) throws Exception {
        assertThat(OpenSsl.isAvailable()).isTrue();
        TlsSettings settings = TestCertificate.make("EC").settings();
        WatchedKey key = new WatchedKey((ECPrivateKey) settings.key());
        try (TlsCertificates tls = TlsCertificates.with(new TlsSettings(settings.chain(), key));
                NettyTransport transport = transport();
                RawClient client = RawClient.tcp(listen(transport, tls))) {
            key.threads.clear();
            try (RawClient secured = client.secure(version)) {
                secured.send(GET);
                assertThat(secured.readHead()).startsWith("HTTP/1.1 200 ");
            }
        }

        assertThat(key.threads).isNotEmpty().allMatch(name -> name.startsWith("tls-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aKeyOfRsaSignsInBothVersions(String version) throws Exception {
        try (TlsCertificates tls =
                        TlsCertificates.with(TestCertificate.make("RSA").settings());
                NettyTransport transport = transport();
                RawClient client = RawClient.tcp(listen(transport, tls));
                RawClient secured = client.secure(version)) {
            secured.send(GET);
            assertThat(secured.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(secured.session().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void aClientThatSendsOnWhileItsHandshakeWaitsIsClosed() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        TlsSettings settings = TestCertificate.make("EC").settings();
        try (TlsCertificates tls = TlsCertificates.with(settings, SslProvider.OPENSSL_REFCNT, tasks::add);
                NettyTransport transport = transport();
                RawClient client = RawClient.tcp(listen(transport, tls))) {
            CompletableFuture<?> handshake = CompletableFuture.runAsync(client::secure);
            assertThat(tasks.poll(20, TimeUnit.SECONDS)).isNotNull();
            byte[] record = new byte[5 + (16 << 10)];
            record[0] = 0x17;
            record[1] = 3;
            record[2] = 3;
            record[3] = 0x40;
            for (int i = 0; i < 4; i++) {
                client.send(record);
            }

            assertThat(handshake).failsWithin(5, TimeUnit.SECONDS);
        }
    }

    private static NettyTransport transport() {
        return new NettyTransport(
                ClientLimits.defaults(), KeepaliveSettings.defaults(), DrainSettings.defaults(), 1, true);
    }

    private static int listen(NettyTransport transport, @Nullable TlsCertificates tls) throws Exception {
        ListenerServices plain = ListenerServices.local(
                List.of(), Map.of("/page", request -> new HttpReply(200, "text/plain", Map.of(), new byte[0])));
        return transport.listen(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                tls == null ? plain : plain.over(tls));
    }

    /** Remembers the threads that read it. */
    private static final class WatchedKey implements ECPrivateKey {

        private static final long serialVersionUID = 1;

        private final transient ECPrivateKey key;
        private final transient Queue<String> threads = new ConcurrentLinkedQueue<>();

        WatchedKey(ECPrivateKey key) {
            this.key = key;
        }

        @Override
        public BigInteger getS() {
            threads.add(Thread.currentThread().getName());
            return key.getS();
        }

        @Override
        public ECParameterSpec getParams() {
            return key.getParams();
        }

        @Override
        public String getAlgorithm() {
            return key.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return key.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            threads.add(Thread.currentThread().getName());
            return key.getEncoded();
        }
    }
}
