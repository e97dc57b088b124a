// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.config.ClientLimits;
import dev.parley.config.MinimalSettings;
import dev.parley.core.access.App;
import dev.parley.core.access.ConnectionMemory;
import dev.parley.core.access.FairShares;
import dev.parley.core.access.MessageBudgets;
import dev.parley.core.access.SenderPace;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.ClientConversation;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Dialect;
import dev.parley.core.port.EventCounter;
import dev.parley.core.port.FrameFactory;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.ServerObserver;
import dev.parley.core.room.EntryResult;
import dev.parley.core.room.MemberInterest;
import dev.parley.core.room.RoomRegistry;
import dev.parley.core.session.AppMemory;
import dev.parley.core.session.Session;
import dev.parley.core.session.SessionTerms;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two peers a room. {@code /} is the default room, {@code /minimal/{room}} are the others; a room is named by its path,
 * in the logs too.
 */
public final class MinimalDialect implements Dialect {

    static final int PEERS_PER_ROOM = 2;
    static final CloseCode NO_MEMORY = new CloseCode(1013, "too many connections");
    static final CloseCode ROOM_FULL = new CloseCode(1013, "room full");

    private static final Logger log = LoggerFactory.getLogger(MinimalDialect.class);
    private static final MemberInterest INTEREST = new MemberInterest(true, false);
    private static final Pattern PATH = Pattern.compile("/|/minimal/[A-Za-z0-9_-]{1,64}");

    private static final int FORBIDDEN = 403;
    private static final String NAME = "minimal";
    private static final App APP = new App(NAME);

    private final RoomRegistry rooms;
    private final ArrivalThrottle throttle;
    private final MinimalSettings settings;
    private final SessionTerms terms;
    private final MessageBudgets budgets;
    private final ConnectionMemory memory;
    private final EventCounter received;

    /**
     * The dialect, with no rooms yet.
     *
     * @param throttle counts wrong keys
     * @param observer counts the messages received
     * @param settings who may use it
     * @param limits what its clients may send, and what may wait for them
     * @param memory counts the messages that wait for them
     * @param heap for their connections
     */
    public MinimalDialect(
            FrameFactory frames,
            ArrivalThrottle throttle,
            ServerObserver observer,
            MinimalSettings settings,
            ClientLimits limits,
            AppMemory memory,
            FairShares heap) {
        this.throttle = throttle;
        this.received = observer.received(NAME, "signal");
        this.settings = settings;
        this.rooms = new RoomRegistry(() -> room -> PEERS_PER_ROOM, new MinimalMessages(frames));
        this.memory = new ConnectionMemory(heap, APP);
        this.terms = new SessionTerms(limits.outboundBytes(), false, memory, this.memory, observer);
        this.budgets = new MessageBudgets(limits, observer);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean serves(String path) {
        return PATH.matcher(path).matches();
    }

    @Override
    public Reception receive(ClientRequest request) {
        String path = request.path();
        if (!settings.allows(request.headers().all("origin"))) {
            return forbidden("This page may not connect here.");
        }
        return hasKey(request)
                ? new Accepted(connection -> open(connection, path, request.client()))
                : forbidden("The key is missing or wrong.");
    }

    /** How many rooms exist. */
    public int rooms() {
        return rooms.count();
    }

    private boolean hasKey(ClientRequest request) {
        if (settings.key().isEmpty()) {
            return true;
        }
        String given = request.parameter("key");
        boolean isRight = given != null && settings.key().get().matches(given);
        if (!isRight) {
            throttle.recordFailure(request.client());
        }
        return isRight;
    }

    private static Refused forbidden(String sentence) {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        return new Refused(new HttpReply(FORBIDDEN, "text/plain; charset=utf-8", Map.of(), body), sentence);
    }

    /** Each connection is a peer of its own, and all of them are in one app. */
    private ClientConversation open(ClientConnection connection, String room, InetAddress client) {
        if (!memory.takeConnection(SenderPace.address(client))) {
            log.info("refused room={} connection={} no memory for more of its address", room, connection.id());
            connection.close(NO_MEMORY);
            return new RefusedConversation();
        }
        PeerIdentity peer = new PeerIdentity(Long.toString(connection.id()), null);
        Session session = new Session(connection, peer, room, terms, () -> {});
        return switch (rooms.join(room, session, INTEREST)) {
            case EntryResult.Admitted admitted -> {
                connection.admitted();
                SenderPace pace = budgets.pace(APP, peer.id(), client);
                MinimalConversation conversation =
                        new MinimalConversation(session, pace, memory, room, admitted, received);
                conversation.began();
                yield conversation;
            }
            case EntryResult.Full full -> {
                log.info("full room={} {}/{} connection={}", room, full.capacity(), full.capacity(), connection.id());
                connection.close(ROOM_FULL);
                memory.giveConnection(SenderPace.address(client));
                yield new RefusedConversation();
            }
        };
    }
}
