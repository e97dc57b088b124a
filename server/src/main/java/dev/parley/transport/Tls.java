// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import dev.parley.config.TlsSettings;
import dev.parley.core.port.Observer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with the certificate that counts now. Sockets keep the one they began with. Nothing of TLS is loaded
 * where there is none of this.
 */
public final class Tls implements AutoCloseable {

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

    private static final Logger log = LoggerFactory.getLogger(Tls.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final SslProvider provider;
    private SslContext context;

    private Tls(SslProvider provider, SslContext context) {
        this.provider = provider;
        this.context = context;
    }

    /** With this certificate to begin with. BoringSSL where it can be loaded, else what the JDK has. */
    public static Tls with(TlsSettings settings) {
        boolean isNative = OpenSsl.isAvailable();
        SslProvider provider = isNative ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
        log.info("TLS by {}", isNative ? OpenSsl.versionString() : "the JDK: BoringSSL cannot be loaded here");
        return new Tls(provider, context(settings, provider));
    }

    /** From now on sockets that are accepted see this certificate. Any thread. */
    public void become(TlsSettings settings) {
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

    /** No socket begins with it any more. */
    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }

    /** Speaks TLS on this socket. */
    ChannelHandler handler(Channel channel, Observer observer) {
        return new TlsHandler(engine(channel), observer);
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
            return SslContextBuilder.forServer(settings.key(), settings.chain())
                    .sslProvider(provider)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("a certificate that was checked cannot be used", e);
        }
    }
}
