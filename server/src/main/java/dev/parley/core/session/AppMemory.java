// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.session;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one app hold of the {@link MemoryBudget}. The addresses of its clients share it: below half of
 * the app's share an address may hold any amount, above half only its equal share, and a part is always left for an
 * address that holds nothing yet. Safe from any thread.
 */
public final class AppMemory {

    /**
     * Addresses are spread over so many places by their hash, a power of two. Two addresses at one place share one
     * part; nothing has to be forgotten when an address is gone.
     */
    private static final int PLACES = 1 << 10;

    private final MemoryBudget budget;
    private final AtomicLong used = new AtomicLong();
    private final AtomicReferenceArray<@Nullable AddressMemory> places = new AtomicReferenceArray<>(PLACES);

    /** How many addresses hold something. */
    private final AtomicInteger holding = new AtomicInteger();

    AppMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Returns the part of one client address, compared by {@code equals}. */
    public AddressMemory of(Object address) {
        int hash = address.hashCode() * 0x9E3779B9; // spreads addresses that follow each other
        int place = hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PLACES));
        AddressMemory known = places.get(place);
        if (known != null) {
            return known;
        }
        places.compareAndSet(place, null, new AddressMemory(budget, this));
        return places.get(place);
    }

    /** Returns how many bytes its sessions hold. */
    public long used() {
        return used.get();
    }

    /**
     * What one address may hold when the others hold all they may.
     *
     * @param share what the app may hold
     */
    long equalShare(long share) {
        return share / (holding.get() + 1);
    }

    /** @param before bytes the address held before */
    void add(long before, int bytes) {
        if (before == 0) {
            holding.incrementAndGet();
        } else if (before + bytes == 0) {
            holding.decrementAndGet();
        }
        budget.add(this, used.getAndAdd(bytes), bytes);
    }

    /**
     * Ends the largest session of the address that holds most, as another address or app needs its share.
     *
     * @param least a session that holds no more bytes is left alone
     */
    void reclaim(int least) {
        AddressMemory most = null;
        for (int place = 0; place < PLACES; place++) {
            AddressMemory address = places.get(place);
            if (address != null && (most == null || address.used() > most.used())) {
                most = address;
            }
        }
        if (most != null) {
            most.reclaim(least);
        }
    }
}
