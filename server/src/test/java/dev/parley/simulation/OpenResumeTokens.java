// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.SessionId;
import org.jspecify.annotations.Nullable;

/** Resume tokens that anyone can read, and that are the same in each run. */
public record OpenResumeTokens(String epoch) implements ResumeTokens {

    private static final String SEPARATOR = "_";
    private static final int PARTS = 5;

    @Override
    public String seal(Ticket ticket, String holder) {
        return String.join(
                SEPARATOR,
                ticket.session().epoch(),
                Long.toString(ticket.session().number()),
                Integer.toString(ticket.turn()),
                ticket.peerId(),
                Integer.toHexString(holder.hashCode()));
    }

    @Override
    public @Nullable Ticket open(String token, String holder) {
        String[] parts = token.split(SEPARATOR, -1);
        boolean isGood = parts.length == PARTS && parts[4].equals(Integer.toHexString(holder.hashCode()));
        return isGood
                ? new Ticket(new SessionId(parts[0], Long.parseLong(parts[1])), Integer.parseInt(parts[2]), parts[3])
                : null;
    }
}
