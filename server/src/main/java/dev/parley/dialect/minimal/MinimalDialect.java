// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.minimal;

import dev.parley.config.MinimalSettings;
import dev.parley.core.access.App;
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
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.CoreServices;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.Session;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two peers a room. {@code /} is the default room, {@code /minimal/{room}} are the others; a room is named by its path,
 * in the logs too.
 */
public final class MinimalDialect implements Dialect {

    static final CloseCode NO_PLACE = new CloseCode(1013, "too many connections");

    private static final Logger log = LoggerFactory.getLogger(MinimalDialect.class);
    private static final Pattern PATH = Pattern.compile("/|/minimal/[A-Za-z0-9_-]{1,64}");

    private static final int FORBIDDEN = 403;
    private static final String NAME = "minimal";
    private static final App APP = new App(NAME);

    private final CoreServices core;
    private final AppDirectory directory;
    private final MinimalMessages messages;
    private final ArrivalThrottle throttle;
    private final MinimalSettings settings;
    private final EventCounter received;
    private final SecureRandom random = new SecureRandom();

    /**
     * The dialect.
     *
     * @param core where its clients meet, in an app of their own
     * @param frames makes what they are sent
     * @param throttle counts wrong keys
     * @param settings who may use it
     */
    public MinimalDialect(CoreServices core, FrameFactory frames, ArrivalThrottle throttle, MinimalSettings settings) {
        this.core = core;
        this.directory = core.directories().of(APP);
        this.messages = new MinimalMessages(frames);
        this.throttle = throttle;
        this.settings = settings;
        this.received = core.observer().received(NAME, "signal");
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

    /** Each connection is a peer of its own. */
    private ClientConversation open(ClientConnection connection, String room, InetAddress client) {
        Object address = SenderPace.address(client);
        if (!takePlace(address)) {
            log.info("refused room={} connection={} no place for more of its address", room, connection.id());
            connection.close(NO_PLACE);
            return new RefusedConversation();
        }
        PeerIdentity peer = new PeerIdentity(peerId(connection), null);
        Session session = new PlainSession(connection, peer, address, directory.terms(), messages);
        SenderPace pace = core.budgets().pace(APP, peer.id(), client);
        MinimalConversation conversation = new MinimalConversation(session, pace, directory, room, received);
        conversation.join();
        return conversation;
    }

    /** Clients of v1 in the same app can send to a peer whose id they know: those of other rooms cannot be guessed. */
    private String peerId(ClientConnection connection) {
        return connection.id() + "-" + Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX);
    }

    /** Takes a place for a connection of this address, among those of the app and in memory. */
    private boolean takePlace(Object address) {
        if (!directory.usage().connect(address)) {
            return false;
        }
        if (!directory.memory().takeConnection(address)) {
            directory.usage().disconnect(address);
            return false;
        }
        return true;
    }

    /** Releases the place of a connection. */
    static void givePlace(AppDirectory directory, Object address) {
        directory.usage().disconnect(address);
        directory.memory().giveConnection(address);
    }
}
