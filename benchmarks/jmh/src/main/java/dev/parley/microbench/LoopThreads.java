// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of the kind loops run on: on any other, Netty keeps no buffers and no objects to use again. */
public final class LoopThreads extends ThreadPoolExecutor {

    /** Made by JMH, see {@link Measured}. */
    public LoopThreads(int count, String name) {
        super(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name));
    }
}
