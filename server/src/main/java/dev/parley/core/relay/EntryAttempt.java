// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.relay;

import static java.util.Objects.requireNonNull;

import dev.parley.core.port.LoopTimer;
import dev.parley.core.port.Outcome;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomMember;
import dev.parley.core.session.Session;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session asks for a room, which is decided for all nodes, and is answered in time. What is decided later is applied
 * like everything else, as what is known of the room rests on it; then the session leaves, unless it has asked again.
 * On the session's loop, but for what the coordinator calls.
 */
final class EntryAttempt {

    /** How long a session waits for the decision. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Session session;
    private final boolean isPattern;
    private final Runnable decided;
    private final Consumer<RoomMember> leave;
    private @Nullable MemberInterest interest;

    /** Null while nobody waits for it. */
    private @Nullable Consumer<EntryResult> answer;

    private @Nullable LoopTimer patience;

    /**
     * An attempt that nobody waits for.
     *
     * @param isPattern whether the room's name is meant as a pattern
     * @param decided runs when it is decided
     * @param leave removes a member
     */
    EntryAttempt(Session session, boolean isPattern, Runnable decided, Consumer<RoomMember> leave) {
        this.session = session;
        this.isPattern = isPattern;
        this.decided = decided;
        this.leave = leave;
    }

    boolean isPattern() {
        return isPattern;
    }

    /** Sets who waits for the answer: for a new attempt, or for one that its client gave up and repeats. */
    void ask(MemberInterest wanted, Consumer<EntryResult> asking) {
        interest = wanted;
        answer = asking;
        patience = session.loop().schedule(PATIENCE, () -> answer(new EntryResult.Unavailable()));
    }

    /**
     * The session is a member. On the coordinator's thread: the member receives nothing before the answer.
     *
     * @param others sessions that were in the room before it
     * @param fetched members that were looked up elsewhere for it
     * @param isEntering whether it is in the roster as well
     */
    void admitted(RoomMember member, int others, int fetched, boolean isEntering) {
        session.loop().post(() -> {
            decided.run();
            session.add(member);
            member.interest(requireNonNull(interest));
            if (isEntering) {
                member.setEntering();
            }
            if (answer == null) {
                leave.accept(member);
            } else {
                answer(new EntryResult.Admitted(member, others, fetched));
            }
        });
    }

    /** Answers that the session was not admitted. On the coordinator's thread. */
    void refused(Outcome outcome) {
        EntryResult result = outcome instanceof Outcome.Full full
                ? new EntryResult.Full(full.capacity())
                : new EntryResult.Unavailable();
        session.loop().post(() -> {
            decided.run();
            answer(result);
        });
    }

    private void answer(EntryResult result) {
        Consumer<EntryResult> asking = answer;
        if (asking != null) {
            answer = null;
            requireNonNull(patience).cancel();
            asking.accept(result);
        }
    }
}
