// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.config.AddressLimits;
import dev.parley.config.AddressRange;
import dev.parley.core.access.TokenBucket;
import dev.parley.core.port.ArrivalThrottle;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits connections, bad credentials and lists of ICE servers a minute for each address; for IPv6, for each whole
 * /64.
 *
 * <p>What is known of an address is forgotten after a minute of silence, when it could do everything again anyway, or
 * earlier if too many others come: then it may do more than it should, never less.
 */
public final class AddressThrottle implements ArrivalThrottle {

    private static final int MAX_ADDRESSES = 100_000;
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final int connectsPerMinute;
    private final int failuresPerMinute;
    private final int iceServersPerMinute;
    private final LongSupplier nanos;
    private final ReentrantLock making = new ReentrantLock();

    /** Made when there is something to count: loading the cache takes a noticeable part of a start. */
    private volatile @Nullable Cache<AddressRange, Account> accounts;

    private AddressThrottle(AddressLimits limits, LongSupplier nanos) {
        this.connectsPerMinute = limits.connectsPerMinute();
        this.failuresPerMinute = limits.failuresPerMinute();
        this.iceServersPerMinute = limits.iceServersPerMinute();
        this.nanos = nanos;
    }

    /**
     * The throttle of these limits.
     *
     * @param nanos a clock that does not go back
     */
    public static ArrivalThrottle of(AddressLimits limits, LongSupplier nanos) {
        return limits.connectsPerMinute() == 0 && limits.failuresPerMinute() == 0 && limits.iceServersPerMinute() == 0
                ? NONE
                : new AddressThrottle(limits, nanos);
    }

    @Override
    public boolean tryConnect(InetAddress client) {
        return connectsPerMinute == 0 || account(client).tryConnect(nanos.getAsLong());
    }

    @Override
    public boolean acceptsSecrets(InetAddress client) {
        Cache<AddressRange, Account> known = accounts;
        if (failuresPerMinute == 0 || known == null) {
            return true;
        }
        Account account = known.getIfPresent(AddressRange.ofClient(client));
        return account == null || account.acceptsSecrets(nanos.getAsLong());
    }

    @Override
    public boolean tryTakeIceServers(InetAddress client) {
        return iceServersPerMinute == 0 || account(client).tryTakeIceServers(nanos.getAsLong());
    }

    @Override
    public void recordFailure(InetAddress client) {
        if (failuresPerMinute > 0) {
            account(client).recordFailure(nanos.getAsLong());
        }
    }

    /** Returns how many addresses have a record. */
    long size() {
        Cache<AddressRange, Account> known = accounts;
        return known == null ? 0 : known.estimatedSize();
    }

    private Account account(InetAddress client) {
        return accounts()
                .get(
                        AddressRange.ofClient(client),
                        it -> new Account(
                                connectsPerMinute, failuresPerMinute, iceServersPerMinute, nanos.getAsLong()));
    }

    private Cache<AddressRange, Account> accounts() {
        Cache<AddressRange, Account> known = accounts;
        if (known != null) {
            return known;
        }
        making.lock();
        try {
            Cache<AddressRange, Account> made = accounts;
            if (made == null) {
                made = Caffeine.newBuilder()
                        .maximumSize(MAX_ADDRESSES)
                        .expireAfterAccess(MEMORY)
                        .ticker(nanos::getAsLong)
                        .executor(Runnable::run) // no thread of its own
                        .build();
                accounts = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }

    /** What one address has left. */
    private static final class Account {

        private final ReentrantLock lock = new ReentrantLock();
        private final TokenBucket connects;
        private final TokenBucket failures;
        private final TokenBucket iceServers;

        Account(int connectsPerMinute, int failuresPerMinute, int iceServersPerMinute, long now) {
            this.connects = TokenBucket.perMinute(connectsPerMinute, now);
            this.failures = TokenBucket.perMinute(failuresPerMinute, now);
            this.iceServers = TokenBucket.perMinute(iceServersPerMinute, now);
        }

        boolean tryTakeIceServers(long now) {
            lock.lock();
            try {
                return iceServers.take(now);
            } finally {
                lock.unlock();
            }
        }

        boolean tryConnect(long now) {
            lock.lock();
            try {
                return connects.take(now);
            } finally {
                lock.unlock();
            }
        }

        boolean acceptsSecrets(long now) {
            lock.lock();
            try {
                return !failures.isEmpty(now);
            } finally {
                lock.unlock();
            }
        }

        void recordFailure(long now) {
            lock.lock();
            try {
                failures.take(now);
            } finally {
                lock.unlock();
            }
        }
    }
}
