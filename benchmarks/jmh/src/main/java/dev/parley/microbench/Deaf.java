// SPDX-License-Identifier: Apache-2.0
package dev.parley.microbench;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Frame;
import dev.parley.core.port.Loop;
import java.time.Duration;

/** A connection that drops what is sent. */
public final class Deaf implements ClientConnection {

    private final Loop loop;
    private long frames;

    public Deaf(Loop loop) {
        this.loop = loop;
    }

    /** How many frames were dropped. */
    public long frames() {
        return frames;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public long id() {
        return 0;
    }

    @Override
    public void admitted() {}

    @Override
    public void send(Frame frame) {
        frames++;
        frame.release();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void whenWritable(Runnable task) {
        loop.post(task);
    }

    @Override
    public void pauseReading() {
        throw new IllegalStateException("a benchmark has no limits");
    }

    @Override
    public void resumeReading() {
        throw new IllegalStateException("a benchmark has no limits");
    }

    @Override
    public void probe(Duration patience, Runnable known) {
        known.run();
    }

    @Override
    public void whenRead(Duration patience, Runnable task) {
        loop.post(task);
    }

    @Override
    public void close(CloseCode code) {
        throw new IllegalStateException(code.reason());
    }
}
