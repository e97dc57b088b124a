// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.lasting;

import dev.parley.config.ContinuitySettings;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.session.DeliveryTurns;
import dev.parley.core.session.MemoryBudget;
import dev.parley.dialect.v1.V1Dialect;
import dev.parley.simulation.Interleaving;
import dev.parley.simulation.Requests;
import dev.parley.simulation.SimulatedFrames;
import dev.parley.simulation.SimulatedLoop;
import dev.parley.simulation.Terms;
import dev.parley.simulation.TestServer;
import dev.parley.wire.LimitsBuilder;
import dev.parley.wire.SettingsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run of core and the v1 dialect on one thread: clients whose sessions outlive their sockets talk, publish and lose
 * their sockets at random, with what is on its way; they come back on any loop, before or after the server noticed, or
 * too late; are put out, and robbed of their tokens. The seed decides everything, so a failing run can be repeated.
 */
public final class LastingSimulation {

    private static final int LOOPS = 3;
    private static final int PEERS = 7;
    private static final int SEVERAL = 3;
    private static final Duration WINDOW = Duration.ofMinutes(2);

    /** What may wait for a receiver where little is kept: some signals. */
    private static final int TIGHT_QUEUE_BYTES = 600;

    /** Frames that a network takes while its client reads none. */
    private static final int TIGHT_ROOM = 8;

    private static final int WIDE_ROOM = 100;

    /** Seconds of nothing but what is due, after which all must be quiet. */
    private static final int MAX_REST = 300;

    /** Seconds after which it is announced that somebody is waited for. */
    private static final int ANNOUNCED = 4;

    /** Of these peers there are other tabs, of the second half also of plain v1. */
    private static final int TABBED = 4;

    private static final int MOST_TABS = 5;

    /** What can happen. */
    private enum Weather {
        /** Sockets break, and no client is away for long. */
        CALM,
        /** Some leave, are away too long, are put out or robbed. */
        ROUGH,
        /** The same, and little is kept. */
        TIGHT,
        /** As when it is calm, and some peers have other tabs, which come and go and are lost. */
        TABS
    }

    private final Random random;
    private final Weather weather;
    private final SimulatedFrames frames = new SimulatedFrames();
    private final History history = new History();
    private final MemoryBudget memory;
    private final TestServer server;
    private final V1Dialect dialect;
    private final List<SimulatedLoop> loops;
    private final List<LastingPeer> peers;

    /** Of which the server has not noticed that they are gone. */
    private final List<Line> unnoticed = new ArrayList<>();

    /** They bring tokens that are void. */
    private final List<Line> thieves = new ArrayList<>();

    private final List<OtherTab> tabs = new ArrayList<>();

    /** Ids of the peers that had tabs of plain v1. */
    private final Set<String> plain = new HashSet<>();

    private long lines;

    private LastingSimulation(long seed) {
        this.random = new Random(seed);
        this.weather = Weather.values()[(int) (seed % Weather.values().length)];
        ContinuitySettings continuity = weather == Weather.TIGHT
                ? new ContinuitySettings(WINDOW, 4, 900, 2_500, Optional.empty())
                : new ContinuitySettings(WINDOW, 1_000_000, 1 << 30, 1 << 30, Optional.empty());
        this.memory = weather == Weather.TIGHT ? new MemoryBudget(5_000) : Terms.memory();
        this.server = TestServer.with()
                .settings(new SettingsBuilder()
                        .continuity(continuity)
                        .limits(new LimitsBuilder()
                                .outboundBytes(weather == Weather.TIGHT ? TIGHT_QUEUE_BYTES : 1 << 30)
                                .build())
                        .build())
                .memory(memory)
                .deliveries(turns(seed))
                .build(frames);
        this.dialect = server.v1();
        Interleaving interleaving = new Interleaving(random, false);
        this.loops = Stream.generate(interleaving::loop).limit(LOOPS).toList();
        this.peers = IntStream.range(0, PEERS)
                .mapToObj(number -> new LastingPeer("peer-" + number, this))
                .toList();
    }

    /** On every other seed a signal for two waits while another one is being delivered. */
    private static DeliveryTurns turns(long seed) {
        return seed / Weather.values().length % 2 == 0 ? Terms.twoAreMany() : DeliveryTurns.ofLoops(1);
    }

    /**
     * Runs one seed for so many steps, lets everything come to rest, and fails if anything differs from the promises.
     */
    public static void run(long seed, int steps) {
        try {
            new LastingSimulation(seed).run(steps);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run(int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> act(any(peers));
                case 3 -> any(loops).advance(Duration.ofMillis(random.nextInt(100)));
                case 4 -> notice();
                case 5, 6 -> read();
                default -> runOneTask();
            }
        }
        comeBack();
        if (hasTabs()) {
            loseOneTabAndCloseTheOther(peers.getFirst());
            comeBack();
        }
        peers.subList(0, TABBED).forEach(LastingPeer::changeSubscription);
        comeBack();
        tabs.forEach(OtherTab::leave);
        rest();
        peers.forEach(LastingPeer::rest);
        history.check(plain);
        if (isRough()) {
            robForSure();
            putOut();
        }
        thieves.forEach(LastingSimulation::getsNothing);
        peers.stream().filter(LastingPeer::isWelcomed).forEach(peer -> peer.leave(1000));
        settle();
        nothingRemains();
    }

    private void act(LastingPeer peer) {
        if (hasTabs() && random.nextInt(4) == 0) {
            actWithTabs(peer);
            return;
        }
        if (!peer.isConnected()) {
            if (random.nextInt(3) == 0) {
                peer.connect(any(loops));
            } else {
                peer.send(any(peers).id()); // to be said later
            }
            return;
        }
        switch (random.nextInt(40)) {
            case 0, 1, 2 -> lose(peer);
            case 3 -> peer.subscribe();
            case 4 -> peer.unsubscribe();
            case 5, 6, 7, 8 -> peer.publish();
            case 9, 10 -> receipt(peer);
            case 11 -> roughly(peer);
            case 12, 13 -> sendSeveral(peer);
            default -> peer.send(any(peers).id());
        }
    }

    private void actWithTabs(LastingPeer peer) {
        tabs.removeIf(OtherTab::isLost);
        OtherTab tab = tabs.isEmpty() ? null : any(tabs);
        switch (random.nextInt(10)) {
            case 0, 1 -> open(random.nextInt(TABBED));
            case 2 -> {
                if (peer.isWelcomed()) {
                    peer.leaveNumbersOut();
                }
            }
            case 3 -> {
                if (random.nextInt(4) == 0) {
                    loops.forEach(loop -> loop.advance(Duration.ofSeconds(ANNOUNCED)));
                }
            }
            default -> {
                if (tab != null) {
                    act(tab);
                }
            }
        }
    }

    private void open(int number) {
        if (tabs.size() < MOST_TABS) {
            LastingPeer peer = peers.get(number);
            boolean isLasting = number < TABBED / 2 || random.nextBoolean();
            if (!isLasting) {
                plain.add(peer.id());
            }
            peer.otherTabOpens();
            tabs.add(new OtherTab(peer.id(), isLasting, this, any(loops)));
        }
    }

    private void act(OtherTab tab) {
        switch (random.nextInt(5)) {
            case 0 -> tab.leave();
            case 1 -> unnoticed.add(tab.cut(random.nextBoolean()));
            default -> tab.subscribe();
        }
    }

    private void receipt(LastingPeer peer) {
        if (peer.isWelcomed()) {
            peer.receipt();
        }
    }

    private void sendSeveral(LastingPeer peer) {
        for (int i = 0; i < SEVERAL; i++) {
            peer.send(any(peers).id());
        }
    }

    private void lose(LastingPeer peer) {
        if (isRough() && peer.isWelcomed() && random.nextInt(4) == 0) {
            peer.leave(random.nextBoolean() ? 1000 : 4000);
        } else {
            unnoticed.add(peer.cut());
        }
    }

    private void roughly(LastingPeer peer) {
        if (!isRough()) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> sleepLong();
            case 1 -> kick(peer);
            case 2 -> rob(peer);
            default -> {}
        }
    }

    /** Longer than anybody is waited for. */
    private void sleepLong() {
        peers.stream().filter(it -> !it.isWelcomed()).forEach(LastingPeer::maybeGone);
        loops.forEach(loop -> loop.advance(WINDOW.plusSeconds(1)));
    }

    private void kick(LastingPeer peer) {
        peer.maybeRevoked();
        Interleaving.arrive(any(loops), () -> directory().peers().close(peer.id(), CloseCode.ADMIN_DISCONNECT));
    }

    private void rob(LastingPeer peer) {
        String token = peer.voidToken();
        if (token != null && peer.isWelcomed()) {
            peer.maybeRevoked();
            Line thief = line(any(loops));
            thief.open(opening(peer.offer(token)));
            thieves.add(thief);
            any(loops).schedule(Duration.ofMillis(random.nextInt(50)), () -> thief.leave(1000));
        }
    }

    /** Whose session has outlived a socket: an older token of it is void. */
    private void robForSure() {
        LastingPeer peer = peers.get(2);
        unnoticed.add(peer.cut());
        settle();
        peer.connect(any(loops));
        settle();
        while (peer.voidToken() == null) {
            peer.send(peer.id());
            settle();
        }
        rob(peer);
        settle();
        peer.connect(any(loops));
        loops.forEach(loop -> loop.advance(Duration.ofSeconds(1)));
        settle();
    }

    private static void getsNothing(Line thief) {
        while (!thief.isQuiet()) {
            String frame = thief.next();
            if (frame.contains("\"resumed\":true")) {
                throw new AssertionError("a thief goes on with the session: " + frame);
            }
        }
    }

    private void notice() {
        if (!unnoticed.isEmpty()) {
            unnoticed.remove(random.nextInt(unnoticed.size())).notice();
        }
    }

    private void read() {
        LastingPeer peer = any(peers);
        if (!peer.isQuiet()) {
            peer.read();
        }
    }

    private void runOneTask() {
        List<SimulatedLoop> busy = loops.stream().filter(loop -> !loop.isIdle()).toList();
        if (!busy.isEmpty()) {
            any(busy).runNext();
        }
    }

    /** Everybody comes back, and sees which peers have only tabs that are lost. */
    private void comeBack() {
        for (int second = 0; second <= ANNOUNCED; second++) {
            settle();
            while (!peers.stream().allMatch(LastingPeer::isWelcomed)) {
                peers.stream().filter(it -> !it.isConnected()).forEach(it -> it.connect(any(loops)));
                settle();
            }
            loops.forEach(loop -> loop.advance(Duration.ofSeconds(1)));
        }
        settle();
        if (hasTabs() && peers.stream().allMatch(LastingPeer::isWelcomed)) {
            Set<String> away = directory().rooms().roster(LastingPeer.CHANNEL, "", Integer.MAX_VALUE).stream()
                    .map(PeerIdentity::id)
                    .filter(id -> !isPresent(id))
                    .collect(Collectors.toCollection(HashSet::new));
            peers.forEach(peer -> peer.sees(away));
        }
    }

    /** Of two tabs in the channel, while the peer's client is not in it. */
    private void loseOneTabAndCloseTheOther(LastingPeer peer) {
        peer.unsubscribe();
        peer.otherTabOpens();
        List<OtherTab> both = Stream.generate(() -> new OtherTab(peer.id(), true, this, any(loops)))
                .limit(2)
                .toList();
        tabs.addAll(both);
        pass(2);
        both.forEach(OtherTab::subscribe);
        pass(2);
        unnoticed.add(both.getFirst().cut(true));
        pass(ANNOUNCED);
        both.getLast().leave();
    }

    private void pass(int seconds) {
        settle();
        for (int second = 0; second < seconds; second++) {
            loops.forEach(loop -> loop.advance(Duration.ofSeconds(1)));
            settle();
        }
    }

    private boolean isPresent(String peer) {
        return present().contains(peer)
                || tabs.stream().anyMatch(tab -> tab.peer().equals(peer) && tab.isPresent());
    }

    /** Everything that is due happens, everything arrives. */
    private void rest() {
        int seconds = 0;
        while (true) {
            settle();
            peers.stream().filter(it -> !it.isConnected()).forEach(it -> it.connect(any(loops)));
            settle();
            peers.stream().filter(LastingPeer::isWelcomed).forEach(LastingPeer::receipt);
            settle();
            boolean isDone = peers.stream().allMatch(LastingPeer::isWelcomed)
                    && loops.stream().noneMatch(SimulatedLoop::isWaiting);
            if (isDone) {
                return;
            }
            if (++seconds > MAX_REST) {
                throw new AssertionError("some task is always due");
            }
            loops.forEach(loop -> loop.advance(Duration.ofSeconds(1)));
        }
    }

    /** Without any time passing. */
    private void settle() {
        boolean isBusy = true;
        while (isBusy) {
            while (!unnoticed.isEmpty()) {
                notice();
            }
            while (loops.stream().anyMatch(loop -> !loop.isIdle())) {
                runOneTask();
            }
            isBusy = false;
            for (LastingPeer peer : peers) {
                while (!peer.isQuiet()) {
                    peer.read();
                    isBusy = true;
                }
            }
            for (OtherTab tab : tabs) {
                isBusy |= tab.read();
            }
        }
    }

    /** A client that is removed cannot resume its session, away or not. */
    private void putOut() {
        LastingPeer away = peers.get(0);
        LastingPeer present = peers.get(1);
        unnoticed.add(away.cut());
        settle();
        for (LastingPeer peer : List.of(away, present)) {
            peer.mustBegin();
            directory().peers().close(peer.id(), CloseCode.ADMIN_DISCONNECT);
        }
        settle();
        away.connect(any(loops));
        present.connect(any(loops));
        settle();
    }

    private void nothingRemains() {
        if (directory().rooms().count() != 0 || directory().peers().count() != 0) {
            throw new AssertionError(directory().rooms().count() + " rooms and "
                    + directory().peers().count() + " peers remain");
        }
        if (!directory().rooms().names().from("", 1).isEmpty()
                || !directory().peers().ids().from("", 1).isEmpty()) {
            throw new AssertionError("names of rooms or ids of peers remain in their index");
        }
        if (server.sessions().count() != 0 || server.sessions().away() != 0 || memory.used() != 0) {
            throw new AssertionError(server.sessions().count() + " sessions, "
                    + server.sessions().away() + " away, and "
                    + memory.used() + " bytes remain");
        }
        if (frames.live() != 0) {
            throw new AssertionError(frames.live() + " frames were never released");
        }
    }

    private AppDirectory directory() {
        return server.app("red");
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    Map<SimulatedLoop, Long> times() {
        return loops.stream().collect(Collectors.toMap(loop -> loop, SimulatedLoop::now));
    }

    Random random() {
        return random;
    }

    History history() {
        return history;
    }

    private boolean isRough() {
        return weather == Weather.ROUGH || weather == Weather.TIGHT;
    }

    boolean hasTabs() {
        return weather == Weather.TABS;
    }

    boolean mayOverflow() {
        return weather == Weather.TIGHT;
    }

    Line line(SimulatedLoop loop) {
        return new Line(++lines, loop, weather == Weather.TIGHT ? TIGHT_ROOM : WIDE_ROOM);
    }

    Dialect.Opening opening(String protocols) {
        Dialect.Reception reception = dialect.receive(Requests.offering(protocols));
        return ((Dialect.Accepted) reception).opening();
    }

    /** Whom whatever is published now must reach. */
    Set<History.Life> audience() {
        return peers.stream()
                .filter(LastingPeer::hears)
                .map(LastingPeer::life)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The peers in the channel. */
    Set<String> present() {
        return peers.stream()
                .filter(LastingPeer::hears)
                .map(LastingPeer::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Where it is not rough nobody leaves a channel who did not say so. */
    void seenToLeave(String gone, LastingPeer by) {
        boolean isEntitled = peers.stream().anyMatch(it -> it.id().equals(gone) && it.mayBeSeenToLeave());
        if (!isRough() && !isEntitled) {
            throw new AssertionError(by.id() + " saw " + gone + " leave");
        }
    }
}
