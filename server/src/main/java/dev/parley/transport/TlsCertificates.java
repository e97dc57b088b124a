// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.TlsSettings;
import dev.parley.core.port.ServerObserver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with the certificate that counts now. Sockets keep the one they began with. Nothing of TLS is loaded
 * without a certificate.
 */
public final class TlsCertificates implements AutoCloseable {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Read by the JDK when its TLS is first used. */
    private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /** Authenticated encryption and keys that are gone with the socket, nothing else. */
    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Logger log = LoggerFactory.getLogger(TlsCertificates.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final SslProvider provider;
    private final HandshakeThreads threads = new HandshakeThreads();
    private final Executor tasks;
    private SslContext context;

    private TlsCertificates(SslProvider provider, SslContext context, @Nullable Executor tasks) {
        this.provider = provider;
        this.context = context;
        this.tasks = tasks == null ? threads : tasks;
    }

    /** Speaks TLS of this provider and computes signatures elsewhere than on {@link HandshakeThreads}. */
    static TlsCertificates with(TlsSettings settings, SslProvider provider, Executor tasks) {
        return new TlsCertificates(provider, context(settings, provider), tasks);
    }

    /** Returns certificates that start with this one. Uses BoringSSL where it can be loaded, and else the JDK. */
    public static TlsCertificates with(TlsSettings settings) {
        boolean isNative = OpenSsl.isAvailable();
        SslProvider provider = isNative ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
        log.info("TLS by {}", isNative ? OpenSsl.versionString() : "the JDK: BoringSSL cannot be loaded here");
        return new TlsCertificates(provider, context(settings, provider), null);
    }

    /** Sets the certificate of sockets that are accepted afterwards. Safe from any thread. */
    public void reload(TlsSettings settings) {
        SslContext next = context(settings, provider);
        SslContext last;
        lock.lock();
        try {
            last = context;
            context = next;
        } finally {
            lock.unlock();
        }
        ReferenceCountUtil.release(last); // sockets that began with it hold it
    }

    /** Releases the certificate; no socket may begin with it afterwards. */
    @Override
    public void close() {
        threads.close();
        ReferenceCountUtil.release(context);
    }

    /** Returns the handler that speaks TLS on this socket. */
    ChannelHandler handler(Channel channel, ServerObserver observer) {
        return new TlsHandler(engine(channel), tasks, observer);
    }

    /** The lock keeps the certificate from going while a socket takes hold of it. */
    private SSLEngine engine(Channel channel) {
        lock.lock();
        try {
            return context.newEngine(channel.alloc());
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing comes behind what was written; the other direction stays open. */
    static ChannelFuture endAfter(ChannelHandler handler) {
        return ((TlsHandler) handler).closeOutbound();
    }

    /** What TLS is spoken with, for the benchmark as well. */
    static SslContext context(TlsSettings settings, SslProvider provider) {
        if (provider == SslProvider.JDK) {
            System.setProperty(NO_RENEGOTIATION, "true"); // BoringSSL never does
        }
        try {
            return builder(settings, provider)
                    .sslProvider(provider)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate that was checked cannot be used", e);
        }
    }

    /** The JDK runs signatures as tasks of the engine by itself. */
    private static SslContextBuilder builder(TlsSettings settings, SslProvider provider)
            throws GeneralSecurityException, IOException {
        if (provider == SslProvider.JDK) {
            return SslContextBuilder.forServer(settings.key(), settings.chain());
        }
        X509Certificate[] chain = settings.chain().toArray(X509Certificate[]::new);
        return SslContextBuilder.forServer(OpenSslX509KeyManagerFactory.newKeyless(chain))
                .option(OpenSslContextOption.USE_TASKS, true)
                .option(OpenSslContextOption.PRIVATE_KEY_METHOD, new KeySignatures(settings.key()));
    }
}
