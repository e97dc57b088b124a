// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What nobody gave back before it was forgotten, in all tests of this JVM. Netty makes one by the name the build gives
 * it.
 */
public final class Leaks<T> extends ResourceLeakDetector<T> {

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    /** Netty calls this. */
    public Leaks(Class<?> type, int samplingInterval) {
        super(type, samplingInterval);
    }

    /** Netty calls this too. */
    public Leaks(Class<?> type, int samplingInterval, @SuppressWarnings("unused") long maxActive) {
        super(type, samplingInterval);
    }

    /** Each with where it was taken, once it was found. */
    static List<String> found() {
        return List.copyOf(FOUND);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
        FOUND.add(type + records);
        super.reportTracedLeak(type, records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
        FOUND.add(type);
        super.reportUntracedLeak(type);
    }
}
