// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Peers that enter rooms of several servers and leave them at random, each time as somebody else. */
final class MovingCrowd implements AutoCloseable {

    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    private static final long AGAIN_NANOS = Duration.ofMillis(200).toNanos();
    private static final int MAX_STAY_MILLIS = 12_000;

    private final Servers servers;
    private final int rooms;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger moving = new AtomicInteger();
    private final AtomicInteger entries = new AtomicInteger();
    private volatile boolean isResting;
    private volatile boolean isEnded;

    /** The server whose peers may be reported as gone; -1 for none. */
    private volatile int dead = -1;

    /** @param peers how many are there at a time */
    MovingCrowd(Servers servers, int peers, int rooms, long seed) {
        this.servers = servers;
        this.rooms = rooms;
        for (int number = 0; number < peers; number++) {
            int own = number;
            Random random = new Random(seed + number);
            threads.add(Thread.ofVirtual().start(() -> move(own, random)));
        }
    }

    private void move(int number, Random random) {
        try {
            while (!isEnded) {
                Member member = enter(number, random);
                long until = System.nanoTime()
                        + (member == null
                                ? AGAIN_NANOS
                                : Duration.ofMillis(random.nextInt(MAX_STAY_MILLIS))
                                        .toNanos());
                while (!isEnded && (isResting || System.nanoTime() - until < 0)) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                if (member != null) {
                    leave(member, random.nextBoolean());
                }
            }
        } catch (RuntimeException | AssertionError e) {
            faults.add("peer " + number + " failed: " + e);
        }
    }

    private @Nullable Member enter(int number, Random random) {
        moving.incrementAndGet();
        try {
            Member member = Member.enter(
                    servers, random.nextInt(servers.count()), number, "room-" + random.nextInt(rooms), this::mayLeave);
            if (member != null) {
                members.put(member.id(), member);
                entries.incrementAndGet();
            }
            return member;
        } finally {
            moving.decrementAndGet();
        }
    }

    private void leave(Member member, boolean isPolite) {
        member.leave(isPolite);
        members.remove(member.id());
        faults.addAll(member.faults());
    }

    /** Peers whose ack is still on its way are unknown here, and do not leave meanwhile. */
    private boolean mayLeave(String id) {
        Member member = members.get(id);
        return member == null || member.isLeaving() || member.server() == dead;
    }

    /** From now on the peers of this server may be reported as gone; -1 for none. */
    void setDead(int server) {
        dead = server;
    }

    /** How often a peer has entered a room. */
    int entries() {
        return entries.get();
    }

    /** Has everybody stay until {@link #goOn}. */
    void rest() {
        isResting = true;
    }

    void goOn() {
        isResting = false;
    }

    /** Waits until the rosters of all peers are right, and returns what is wrong if they are not in time. */
    List<String> awaitTruth(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<String> errors = errors();
        while (!errors.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            errors = errors();
        }
        return errors;
    }

    private List<String> errors() {
        List<String> errors = new ArrayList<>();
        if (moving.get() > 0) {
            errors.add(moving.get() + " peers are still on their way");
        }
        Collection<Member> present = members.values();
        for (Member member : present) {
            Set<String> truth = new HashSet<>();
            present.stream()
                    .filter(it -> it != member && it.room().equals(member.room()))
                    .forEach(it -> truth.add(it.id()));
            Set<String> known = member.others();
            if (!known.equals(truth)) {
                Set<String> missing = new HashSet<>(truth);
                missing.removeAll(known);
                Set<String> extra = new HashSet<>(known);
                extra.removeAll(truth);
                errors.add(member.id() + " on server " + member.server() + " lacks " + missing + " and has " + extra);
            }
        }
        return errors;
    }

    /** What peers received that cannot be. */
    List<String> faults() {
        List<String> all = new ArrayList<>(faults);
        members.values().forEach(member -> all.addAll(member.faults()));
        return all;
    }

    @Override
    public void close() throws InterruptedException {
        isEnded = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
