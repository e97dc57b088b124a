// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coarse deadlines of the many sockets of one loop: setting, moving and cancelling one costs a few field writes and no
 * memory. Times are nanoseconds of the loop's own clock, see {@link NettyLoop#now}. For the loop only.
 *
 * <p>A deadline fires up to one tick late, never early.
 */
@SuppressWarnings("ReferenceEquality") // links of a list
final class TimerWheel {

    /** How late a deadline may fire. A tenth of the shortest time anyone waits for matters to nobody. */
    static final long TICK_NANOS = 250_000_000;

    /** A deadline that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int SLOTS = 256; // 64 s ahead; entries due later are looked at once a turn

    private static final Logger log = LoggerFactory.getLogger(TimerWheel.class);

    private final Entry[] slots = new Entry[SLOTS];
    private long currentTick;
    private int size;

    TimerWheel() {
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Head();
        }
    }

    /** One socket's next deadline, linked into its slot. */
    abstract static class Entry {

        private Entry previous = this;
        private Entry next = this;
        private long due = NEVER;

        /** The deadline has passed; the entry is out of the wheel until it is set again. */
        abstract void due(long now);

        /** The server stops, and this one's turn to go is at the given time; the entry is out of the wheel. */
        abstract void drain(long at);

        private boolean isLinked() {
            return next != this;
        }

        private void unlink() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }

        private void linkBefore(Entry other) {
            previous = other.previous;
            next = other;
            previous.next = this;
            other.previous = this;
        }
    }

    /** Sets or moves the deadline. */
    void set(Entry entry, long due) {
        cancel(entry);
        entry.due = due;
        link(entry);
        size++;
    }

    /** Moves the deadline nearer, if the given one comes before the one that is set. */
    void advanceTo(Entry entry, long due) {
        if (!entry.isLinked() || due < entry.due) {
            set(entry, due);
        }
    }

    /** Takes the entry out; nothing happens if it is not in. */
    void cancel(Entry entry) {
        if (entry.isLinked()) {
            entry.unlink();
            size--;
        }
    }

    /** Returns how many deadlines are set. */
    int size() {
        return size;
    }

    /** Fires everything due at this time. */
    void turn(long now) {
        long target = now / TICK_NANOS;
        if (target - currentTick > SLOTS) {
            currentTick = target - SLOTS; // after a long pause one turn over all slots finds everything
        }
        while (currentTick < target) {
            currentTick++;
            fire(slots[(int) (currentTick % SLOTS)], now);
        }
    }

    /** Tells every entry that the server stops, and spreads the times at which they are to go evenly. */
    void drain(long now, long spreadNanos) {
        List<Entry> told = new ArrayList<>(size);
        for (Entry slot : slots) {
            for (Entry entry = slot.next; entry != slot; entry = entry.next) {
                told.add(entry);
            }
        }
        for (int i = 0; i < told.size(); i++) {
            Entry entry = told.get(i);
            long at = now + spreadNanos * i / told.size();
            cancel(entry);
            guarded(() -> entry.drain(at));
        }
    }

    private void fire(Entry slot, long now) {
        Entry taken = take(slot);
        while (taken.isLinked()) {
            Entry entry = taken.next;
            entry.unlink();
            if (entry.due > now) {
                link(entry);
            } else {
                size--;
                guarded(() -> entry.due(now));
            }
        }
    }

    /** A failure of one must not take the deadlines of others with it, whatever it is: they would never fire. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            log.error("a deadline failed", e);
        }
    }

    /** Empties a slot into a list of its own, so that entries may be set and cancelled while that is walked. */
    private static Entry take(Entry slot) {
        Entry taken = new Head();
        if (slot.isLinked()) {
            taken.linkBefore(slot);
            slot.unlink();
        }
        return taken;
    }

    private void link(Entry entry) {
        long tick = entry.due / TICK_NANOS + 1;
        long nearest = currentTick + 1;
        long farthest = currentTick + SLOTS - 1;
        entry.linkBefore(slots[(int) (Math.clamp(tick, nearest, farthest) % SLOTS)]);
    }

    /** The fixed end of a list. */
    private static final class Head extends Entry {

        @Override
        void due(long now) {}

        @Override
        void drain(long at) {}
    }
}
