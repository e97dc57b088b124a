// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.ArrivalThrottle;
import dev.parley.wire.LimitsBuilder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressThrottleTest {

    private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");

    private final AtomicLong now = new AtomicLong(-5); // such clocks begin anywhere

    @Test
    void anAddressIsAdmittedSoManyTimesAMinuteAndOthersAreNotTouched() {
        ArrivalThrottle throttle = throttle(3, 0);

        assertThat(admitted(throttle, A, 5)).isEqualTo(3);
        assertThat(admitted(throttle, B, 5)).isEqualTo(3);
        pass(20);
        assertThat(admitted(throttle, A, 5)).isEqualTo(1);
        pass(600);
        assertThat(admitted(throttle, A, 5)).isEqualTo(3);
    }

    @Test
    void whoFailedTooOftenIsNotHeardUntilTimeHasPassedAndOthersAre() {
        ArrivalThrottle throttle = throttle(0, 6);
        for (int i = 0; i < 6; i++) {
            assertThat(throttle.acceptsSecrets(A)).isTrue();
            throttle.recordFailure(A);
        }

        assertThat(throttle.acceptsSecrets(A)).isFalse();
        assertThat(throttle.acceptsSecrets(B)).isTrue();
        pass(9);
        assertThat(throttle.acceptsSecrets(A)).isFalse();
        pass(1);
        assertThat(throttle.acceptsSecrets(A)).isTrue();
        throttle.recordFailure(A);
        assertThat(throttle.acceptsSecrets(A)).isFalse();
    }

    @Test
    void failuresWhileNobodyListensDoNotPutOffTheTimeToBeHeard() {
        ArrivalThrottle throttle = throttle(0, 6);
        for (int i = 0; i < 1000; i++) {
            throttle.recordFailure(A);
        }

        pass(10);
        assertThat(throttle.acceptsSecrets(A)).isTrue();
    }

    @Test
    void connectionsCountWhetherTheAddressIsHeardOrNot() {
        ArrivalThrottle throttle = throttle(2, 1);
        throttle.recordFailure(A);

        assertThat(admitted(throttle, A, 10)).isEqualTo(2);
    }

    @Test
    void aLimitOfZeroIsNone() {
        assertThat(throttle(0, 0)).isSameAs(ArrivalThrottle.NONE);
        assertThat(admitted(throttle(0, 1), A, 1000)).isEqualTo(1000);
        ArrivalThrottle throttle = throttle(1, 0);
        throttle.recordFailure(A);
        assertThat(throttle.acceptsSecrets(A)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "2001:db8:1:2::1, 2001:db8:2:2::1, false",
        "192.0.2.1, 192.0.2.2, false",
        "::, 0.0.0.0, false",
        "192.0.2.1, ::ffff:192.0.2.1, true"
    })
    void anIpv6ClientIsItsWhole64AndAnIpv4OneItsAddress(String one, String other, boolean isSame)
            throws UnknownHostException {
        ArrivalThrottle throttle = throttle(1, 0);
        assertThat(throttle.tryConnect(inet6(one))).isTrue();

        assertThat(throttle.tryConnect(inet6(other))).isEqualTo(!isSame);
    }

    @Test
    void aMillionAddressesTakeNoMoreMemoryThanAHundredThousand() throws UnknownHostException {
        AddressThrottle throttle = (AddressThrottle) throttle(10, 10);
        for (int i = 0; i < 1_000_000; i++) {
            InetAddress address =
                    InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(i).array());
            assertThat(throttle.tryConnect(address)).isTrue();
            throttle.recordFailure(address);
        }

        assertThat(throttle.size()).isBetween(1L, 100_000L);
        pass(61);
        throttle.tryConnect(A);
        assertThat(throttle.size()).isLessThan(100_000L);
    }

    @Test
    void manyThreadsTogetherGetNoMoreThanTheLimit() throws InterruptedException {
        ArrivalThrottle throttle = throttle(200_000, 10);
        AtomicInteger admitted = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(1);
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                await(ready);
                admitted.addAndGet(admitted(throttle, A, 100_000));
            });
        }
        ready.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(admitted).hasValue(200_000);
    }

    private ArrivalThrottle throttle(int connects, int failures) {
        LongSupplier clock = now::get;
        return AddressThrottle.of(
                new LimitsBuilder()
                        .connectsPerMinute(connects)
                        .failuresPerMinute(failures)
                        .iceServersPerMinute(0)
                        .address(),
                clock);
    }

    private void pass(int seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private static int admitted(ArrivalThrottle throttle, InetAddress address, int times) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += throttle.tryConnect(address) ? 1 : 0;
        }
        return admitted;
    }

    /** Of IPv6 even where Java would rather make it one of IPv4. */
    private static InetAddress inet6(String literal) throws UnknownHostException {
        byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
        if (!literal.startsWith("::ffff:")) {
            return InetAddress.getByAddress(bytes);
        }
        byte[] mapped = ByteBuffer.allocate(16).putInt(8, 0xFFFF).put(12, bytes).array();
        return Inet6Address.getByAddress(null, mapped, -1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
