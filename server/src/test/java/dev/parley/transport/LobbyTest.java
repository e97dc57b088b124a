// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LobbyTest {

    private static final InetAddress A = InetAddress.ofLiteral("2001:db8::1");
    private static final InetAddress ITS_NEIGHBOUR = InetAddress.ofLiteral("2001:db8::2");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.1");

    private final Lobby lobby = new Lobby();

    @Test
    void aClientHasSoManyPlacesAndOthersHaveTheirOwn() {
        List<Lobby.Place> places = fill(A);

        assertThat(places).hasSize(Lobby.MAX_PLACES);
        assertThat(lobby.enter(ITS_NEIGHBOUR)).isNull();
        assertThat(lobby.enter(B)).isNotNull();
        assertThat(lobby.enterUncounted()).isNotNull();
    }

    @Test
    void aPlaceIsFreeAgainOnceItIsLeft() {
        List<Lobby.Place> places = fill(A);
        places.getFirst().leave();
        places.getFirst().leave();

        assertThat(lobby.enter(A)).isNotNull();
        assertThat(lobby.enter(A)).isNull();
    }

    @Test
    void nothingIsKeptOfWhoLeft() {
        List<Lobby.Place> places = fill(A);
        places.addAll(fill(B));
        places.add(lobby.enterUncounted());
        places.forEach(Lobby.Place::leave);

        assertThat(lobby.size()).isZero();
    }

    @Test
    void manyThreadsTogetherLoseNoPlace() throws InterruptedException {
        AtomicInteger refused = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < 20_000; round++) {
                    Lobby.Place place = lobby.enter(A);
                    if (place == null) {
                        refused.incrementAndGet();
                    } else {
                        place.leave();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(refused).hasValue(0);
        assertThat(lobby.size()).isZero();
    }

    private List<Lobby.Place> fill(InetAddress client) {
        List<Lobby.Place> places = new ArrayList<>();
        for (Lobby.Place place = lobby.enter(client); place != null; place = lobby.enter(client)) {
            places.add(place);
        }
        return places;
    }
}
