// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.port.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendQueueTest {

    private static final int CAPACITY = 1 << 20;
    private static final int LARGE = 65_000;

    private final SendQueue queue = new SendQueue(CAPACITY, 0);

    @Test
    void signalsOfOneSenderStayInOrder() {
        for (int i = 0; i < 5; i++) {
            queue.add(sender("a", "alice"), signal("alice " + i, LARGE));
            queue.add(sender("a", "bob"), signal("bob " + i, 10));
        }

        List<String> sent = drain();
        assertThat(sent).filteredOn(it -> it.startsWith("alice")).containsExactlyElementsOf(numbered("alice", 5));
        assertThat(sent).filteredOn(it -> it.startsWith("bob")).containsExactlyElementsOf(numbered("bob", 5));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aSmallSignalWaitsBehindOneLargeOneAtMostHoweverManySendersSendLargeOnes() {
        for (int i = 0; i < 100; i++) {
            queue.add(sender("a", "hostile " + i % 20), signal("large", LARGE));
        }
        for (int i = 0; i < 10; i++) {
            queue.add(sender("a", "honest"), signal("small", 1_000));

            assertThat(List.of(next(), next())).contains("small");
        }
    }

    /**
     * Six small signals for each large one are less than the share of an address, so they never have to wait for two.
     */
    @Test
    void aSenderBelowItsShareWaitsBehindOneLargeSignalAtMostHoweverLongTheLoadLasts() {
        for (int i = 0; i < 1_000; i++) {
            for (int address = 0; address < 4; address++) {
                while (queue.fits(sender("hostile " + address, "hostile"), LARGE)) {
                    queue.add(sender("hostile " + address, "hostile"), signal("large", LARGE));
                }
            }
            for (int k = 0; k < 6; k++) {
                queue.add(sender("b", "honest"), signal("small", 1_200));
            }

            List<String> next = IntStream.range(0, 7).mapToObj(k -> next()).toList();
            assertThat(next).containsExactly("small", "small", "small", "small", "small", "small", "large");
        }
    }

    @Test
    void aSenderThatAlwaysSendsItsNextSignalAtOnceDoesNotKeepOthersWaiting() {
        queue.add(sender("a", "patient"), signal("large", LARGE));
        int before = 0;
        do {
            queue.add(sender("b", "hasty"), signal("small", 1_000));
            before++;
        } while (next().equals("small"));

        assertThat(before).isBetween(LARGE / 1_000 - 1, LARGE / 1_000 + 1);
    }

    @Test
    void sendersAtOneAddressShareTheTurnsOfOneSenderAtAnother() {
        for (int i = 0; i < 400; i++) {
            queue.add(sender("crowd", "sender " + i % 20), signal("crowd", 1_000));
        }
        for (int i = 0; i < 100; i++) {
            queue.add(sender("alone", "sender"), signal("alone", 1_000));
        }

        List<String> sent = IntStream.range(0, 100).mapToObj(i -> next()).toList();
        assertThat(sent.stream().filter("alone"::equals).count()).isBetween(40L, 60L);
    }

    @Test
    void aSenderAtAnotherAddressGetsRoomHoweverManySendersShareTheRest() {
        int senders = 0;
        while (queue.fits(sender("crowd", "sender " + senders), 900)) {
            queue.add(sender("crowd", "sender " + senders++), signal("crowd", 900));
        }
        List<String> removed = new ArrayList<>();

        SignalSender alone = sender("alone", "sender");
        for (int i = 0; i < 100; i++) {
            assertThat(queue.makeRoom(alone, 1_000, it -> removed.add(it.frame().toString())))
                    .isTrue();
            queue.add(alone, signal("alone", 1_000));
        }
        assertThat(removed).isNotEmpty().containsOnly("crowd");
    }

    @Test
    void whereTheNumberOfSignalsIsLimitedSharesAreSharesOfTheNumber() {
        SendQueue few = new SendQueue(100 << 10, 1 << 10); // 100 signals
        SignalSender hostile = sender("a", "hostile");
        int hostileSignals = 0;
        while (few.fits(hostile, 10)) {
            few.add(hostile, signal("hostile", 10));
            hostileSignals++;
        }
        int honestSignals = 0;
        while (few.fits(sender("b", "honest"), 10)) {
            few.add(sender("b", "honest"), signal("honest", 10));
            honestSignals++;
        }

        assertThat(hostileSignals).isEqualTo(50);
        assertThat(honestSignals).isEqualTo(33);
        assertThat(few.fits(sender("c", "late"), 10)).isTrue();
    }

    @Test
    void oneSignalFitsIntoAnEmptyQueueHoweverLargeItIs() {
        assertThat(queue.fits(sender("a", "alice"), 2 * CAPACITY)).isTrue();
    }

    @Test
    void aboveHalfASenderFitsOnlyWithinItsEqualShare() {
        SignalSender heavy = sender("a", "heavy");
        SignalSender light = sender("a", "light");
        queue.add(light, signal("light", 1_000));
        while (queue.fits(heavy, LARGE)) {
            queue.add(heavy, signal("heavy", LARGE));
        }

        assertThat(bytesOf("heavy")).isBetween(CAPACITY / 2L - 2 * LARGE, CAPACITY / 2L);
        refill(heavy, light);
        assertThat(queue.fits(light, LARGE)).isTrue();
        assertThat(queue.fits(sender("a", "third"), LARGE)).isTrue();
    }

    @Test
    void aFullQueueMakesRoomAtTheCostOfTheSenderThatHoldsMost() {
        SignalSender heavy = sender("a", "heavy");
        SignalSender light = sender("b", "light");
        for (int i = 0; i < 16; i++) {
            queue.add(heavy, signal("heavy " + i, LARGE));
        }
        List<String> removed = new ArrayList<>();

        assertThat(queue.makeRoom(light, LARGE, it -> removed.add(it.frame().toString())))
                .isTrue();
        assertThat(removed).containsExactly("heavy 15");
        assertThat(queue.makeRoom(heavy, LARGE, it -> removed.add(it.frame().toString())))
                .isTrue();
        queue.add(light, signal("light", LARGE));
        assertThat(queue.makeRoom(heavy, LARGE, it -> removed.add(it.frame().toString())))
                .isFalse();
        assertThat(removed).hasSize(1);
    }

    private void refill(SignalSender heavy, SignalSender light) {
        queue.add(light, signal("light", 1_000));
        for (int i = 0; i < 7; i++) {
            queue.add(heavy, signal("heavy", LARGE));
        }
    }

    private long bytesOf(String text) {
        return drain().stream().filter(text::equals).count() * LARGE;
    }

    private List<String> drain() {
        List<String> sent = new ArrayList<>();
        queue.clear(it -> sent.add(it.frame().toString()));
        return sent;
    }

    private String next() {
        SendQueue.Waiting signal = queue.poll();
        return signal == null ? "nothing" : signal.frame().toString();
    }

    private static List<String> numbered(String text, int count) {
        return IntStream.range(0, count).mapToObj(i -> text + " " + i).toList();
    }

    @Test
    void roomIsMadeAtTheCostOfWhoeverHoldsMostHoweverThatChanges() {
        Random random = new Random(7);
        Map<String, Integer> held = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            String name = "sender " + random.nextInt(40);
            SignalSender sender = sender("a", name);
            int length = 1 + random.nextInt(LARGE);
            if (random.nextInt(3) == 0 && !queue.isEmpty()) {
                Frame next = requireNonNull(queue.poll()).frame();
                held.merge(next.toString(), -next.length(), Integer::sum);
                continue;
            }
            int most = held.values().stream().max(Integer::compare).orElse(0);
            boolean[] isFirst = {true};
            boolean hasRoom = queue.makeRoom(sender, length, removed -> {
                if (isFirst[0]) {
                    assertThat(held.get(removed.frame().toString())).isEqualTo(most);
                    isFirst[0] = false;
                }
                held.merge(removed.frame().toString(), -removed.frame().length(), Integer::sum);
            });
            if (hasRoom) {
                queue.add(sender, signal(name, length));
                held.merge(name, length, Integer::sum);
            }
        }
    }

    @Test
    void allThatIsClearedIsRemovedInTheOrderOfItsSender() {
        for (int i = 0; i < 5; i++) {
            queue.add(sender("a", "alice"), signal("alice " + i, 10));
            queue.add(sender("b", "bob"), signal("bob " + i, LARGE));
        }
        List<String> removed = new ArrayList<>();
        queue.clear(it -> removed.add(it.frame().toString()));

        assertThat(removed).filteredOn(it -> it.startsWith("alice")).containsExactlyElementsOf(numbered("alice", 5));
        assertThat(removed).filteredOn(it -> it.startsWith("bob")).containsExactlyElementsOf(numbered("bob", 5));
        assertThat(queue.isEmpty()).isTrue();
        queue.add(sender("a", "alice"), signal("again", 10));
        assertThat(drain()).containsExactly("again");
    }

    private static SignalSender sender(String group, String peer) {
        return new SignalSender(group, peer);
    }

    private static SendQueue.Waiting signal(String text, int length) {
        return new SendQueue.Waiting(new Sized(text, length), null);
    }

    private record Sized(String text, int length) implements Frame {

        @Override
        public Frame retain() {
            return this;
        }

        @Override
        public void release() {}

        @Override
        public int hold() {
            return 0;
        }

        @Override
        public int unhold() {
            return 0;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
