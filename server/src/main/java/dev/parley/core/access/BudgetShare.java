// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.Loop;
import dev.parley.core.port.PauseCause;
import org.jspecify.annotations.Nullable;

/**
 * Draws for one connection from the budget of its peer and then from that of its address, and pauses reading while it
 * waits for them. On the connection's loop, where nothing else is said.
 */
final class BudgetShare {

    private final MessageBudgets budgets;
    private final ClientConnection connection;
    private final SenderPace pace;
    private final MessageBudget ofPeer;

    /** Null if an address may send any amount. */
    private final @Nullable MessageBudget ofAddress;

    private Stage stage = Stage.DONE;
    private int messages;
    private int bytes;
    private boolean isPausing;
    private boolean isOver;

    /** Which budget is drawn from. */
    private enum Stage {
        PEER,
        ADDRESS,
        DONE
    }

    BudgetShare(
            MessageBudgets budgets,
            ClientConnection connection,
            SenderPace pace,
            MessageBudget ofPeer,
            @Nullable MessageBudget ofAddress) {
        this.budgets = budgets;
        this.connection = connection;
        this.pace = pace;
        this.ofPeer = ofPeer;
        this.ofAddress = ofAddress;
    }

    Loop loop() {
        return connection.loop();
    }

    /** How many messages are drawn. Does not change while it waits; safe from any thread then. */
    int messages() {
        return messages;
    }

    /** How many bytes are drawn. Does not change while it waits; safe from any thread then. */
    int bytes() {
        return bytes;
    }

    /** Draws until nothing is overdrawn, unless it waits already. */
    void draw() {
        while (stage == Stage.DONE && pace.isOverdrawn()) {
            messages = Math.max(budgets.partMessages() - pace.messages(), 0);
            bytes = Math.max(budgets.partBytes() - pace.bytes(), 0);
            stage = Stage.PEER;
            goOn();
        }
        if (stage == Stage.DONE) {
            resume();
        } else {
            pause();
        }
    }

    private void goOn() {
        if (stage == Stage.PEER && ofPeer.draw(this)) {
            stage = Stage.ADDRESS;
        }
        if (stage == Stage.ADDRESS && (ofAddress == null || ofAddress.draw(this))) {
            stage = Stage.DONE;
            pace.add(messages, bytes);
        }
    }

    /** What it waited for was drawn for it. Safe from any thread. */
    void grant() {
        loop().post(this::granted);
    }

    private void granted() {
        if (isOver) {
            return;
        }
        if (stage == Stage.PEER) {
            stage = Stage.ADDRESS;
            goOn();
        } else {
            stage = Stage.DONE;
            pace.add(messages, bytes);
        }
        draw();
    }

    private void pause() {
        if (!isPausing) {
            isPausing = true;
            connection.pauseReading();
            pace.paused(stage == Stage.PEER ? PauseCause.PEER : PauseCause.ADDRESS);
        }
    }

    private void resume() {
        if (isPausing) {
            isPausing = false;
            connection.resumeReading();
        }
    }

    /** The connection is over: what was drawn and not used is given back, and what was used is paid. */
    void end() {
        isOver = true;
        boolean isPaidByPeer = stage == Stage.ADDRESS || (stage == Stage.PEER && !ofPeer.cancel(this));
        settle(ofPeer, isPaidByPeer);
        if (ofAddress != null) {
            settle(ofAddress, stage == Stage.ADDRESS && !ofAddress.cancel(this));
        }
    }

    private void settle(MessageBudget budget, boolean isPaid) {
        budget.settle(pace.messages() + (isPaid ? messages : 0), pace.bytes() + (isPaid ? bytes : 0));
        budgets.release(budget, loop());
    }
}
