// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation.allocation;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Dialect;
import dev.parley.simulation.SimulatedConnection;
import dev.parley.simulation.TextPayload;

/** A socket that treats failures of its conversation as the transport does: it is closed with 1011. */
final class FailingSocket extends SimulatedConnection {

    private static final CloseCode NOT_ADMITTED = new CloseCode(1008, "not admitted in time");

    private boolean isAdmitted;
    private boolean isClosed;

    FailingSocket(long id, FailingLoop loop, Reader reader) {
        super(id, loop, reader);
    }

    @Override
    public void admitted() {
        isAdmitted = true;
    }

    @Override
    public void open(Dialect.Opening opening) {
        guarded(() -> super.open(opening));
    }

    void say(String text) {
        if (isOpen()) {
            guarded(() -> conversation().text(TextPayload.of(text)));
        }
    }

    @Override
    public void close(CloseCode code) {
        isClosed = true;
        try {
            super.close(code);
        } catch (OutOfMemoryError | IllegalStateException e) {
            // The transport logs what a conversation fails with at its end.
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    /** The admission time is over. */
    void closeIfNotAdmitted() {
        if (!isAdmitted) {
            close(NOT_ADMITTED);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (OutOfMemoryError | IllegalStateException e) {
            close(CloseCode.INTERNAL_ERROR);
        }
    }

    /** Its client answers at once. */
    @Override
    protected void pinged() {
        pong();
    }
}
