// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnadmittedSocketsTest {

    private static final InetAddress A = InetAddress.ofLiteral("2001:db8::1");
    private static final InetAddress ITS_NEIGHBOUR = InetAddress.ofLiteral("2001:db8::2");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.1");

    private final UnadmittedSockets unadmitted = new UnadmittedSockets();
    private final List<UnadmittedSockets.Place> places = new ArrayList<>();

    /** The numbers of sockets that lost their places. */
    private final List<Integer> evicted = new ArrayList<>();

    @Test
    void aNewSocketTakesThePlaceOfTheOneThatHasWaitedLongestWithoutAWord() {
        fill(A);
        places.getFirst().sentFirstBytes();
        enter(ITS_NEIGHBOUR);

        assertThat(evicted).containsExactly(1);
        enter(A);
        assertThat(evicted).containsExactly(1, 2);
    }

    @Test
    void whereAllHaveSentSomethingTheOneThatHasWaitedLongestGoes() {
        fill(A);
        places.reversed().forEach(UnadmittedSockets.Place::sentFirstBytes);
        enter(A);

        assertThat(evicted).containsExactly(UnadmittedSockets.MAX_PLACES - 1); // the first of them that sent something
    }

    @Test
    void othersHaveTheirOwnPlaces() {
        fill(A);
        enter(B);
        unadmitted.enterUncounted();

        assertThat(evicted).isEmpty();
    }

    @Test
    void aPlaceIsFreeAgainOnceItIsLeft() {
        fill(A);
        places.getFirst().leave();
        places.getFirst().leave();
        enter(A);
        assertThat(evicted).isEmpty();
        enter(A);

        assertThat(evicted).containsExactly(1);
    }

    @Test
    void nothingIsKeptOfWhoLeft() {
        fill(A);
        fill(B);
        enter(A);
        places.add(unadmitted.enterUncounted());
        places.forEach(UnadmittedSockets.Place::sentFirstBytes);
        places.forEach(UnadmittedSockets.Place::leave);
        places.forEach(UnadmittedSockets.Place::sentFirstBytes);

        assertThat(unadmitted.size()).isZero();
    }

    @Test
    void manyThreadsTogetherLoseNoPlace() throws InterruptedException {
        AtomicInteger evictions = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < 20_000; round++) {
                    UnadmittedSockets.Place place = unadmitted.enter(A, evictions::incrementAndGet);
                    if (round % 2 == 0) {
                        place.sentFirstBytes();
                    }
                    place.leave();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(evictions).hasValue(0);
        assertThat(unadmitted.size()).isZero();
    }

    private void fill(InetAddress client) {
        for (int i = 0; i < UnadmittedSockets.MAX_PLACES; i++) {
            enter(client);
        }
    }

    private void enter(InetAddress client) {
        int number = places.size();
        places.add(unadmitted.enter(client, () -> evicted.add(number)));
    }
}
