// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import static java.util.Objects.requireNonNull;

import dev.parley.core.access.Grant;
import dev.parley.core.access.SenderPace;
import dev.parley.core.port.ClientConnection;
import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Loop;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.relay.AppDirectories;
import dev.parley.core.relay.AppDirectory;
import dev.parley.core.relay.ArrivalAnswer;
import dev.parley.core.relay.EarlierSessions;
import dev.parley.core.session.AnswerPause;
import dev.parley.core.session.GuardedTask;
import dev.parley.core.session.LastingConnection;
import dev.parley.core.session.LastingSession;
import dev.parley.core.session.PlainSession;
import dev.parley.core.session.ResumeTarget;
import dev.parley.core.session.Session;
import dev.parley.core.session.SessionRegistry;
import dev.parley.core.session.SessionSocket;
import dev.parley.json.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one client in: as a new peer, or to the session it had. On the loop of its socket, but for {@link #resume}.
 *
 * @param tokens judges those it will bring
 */
record ClientAdmission(V1Services services, ClientRejection rejection, UpgradeRequest offer, CredentialCheck tokens) {

    private static final Logger log = LoggerFactory.getLogger(ClientAdmission.class);

    private static final String NEW = "new";

    /** Admits the client, whose credential is valid. */
    void welcome(V1Conversation conversation, Grant grant) {
        if (ClientGrant.isDue(grant, services.clock())) {
            rejection.refuse(V1CloseCodes.TOKEN_EXPIRED);
        } else if (!offer.isLasting()) {
            beginPlain(conversation, grant);
        } else if (offer.resume() == null) {
            begin(conversation, grant, NEW);
        } else {
            find(conversation, grant, offer.resume());
        }
    }

    private void beginPlain(V1Conversation conversation, Grant grant) {
        AppDirectory directory = directories().of(grant.app());
        if (!takePlace(directory, grant)) {
            return;
        }
        ClientConnection socket = rejection.connection();
        WelcomedClient client;
        AnswerPause pause = new AnswerPause(socket);
        try {
            Session session = new PlainSession(socket, grant.peer(), address(), directory.terms(), messages());
            client = arrive(session, grant, directory, services.plain(), () -> {
                socket.send(welcomes().plain(grant));
                pause.end();
            });
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            givePlace(directory);
            throw e;
        }
        conversation.enter(client);
        client.begin(); // from here on the client's end gives the place back
        socket.admitted();
        pause.begin();
    }

    /** @param reason why the session is a new one */
    private void begin(V1Conversation conversation, Grant grant, String reason) {
        AppDirectory directory = directories().of(grant.app());
        if (!takePlace(directory, grant)) {
            return;
        }
        ClientConnection socket = rejection.connection();
        LastingSession session;
        WelcomedClient client;
        AnswerPause pause = new AnswerPause(socket);
        try {
            LastingSession begun = sessions().create(socket, grant.peer(), address(), directory.terms(), messages());
            session = begun;
            client = arrive(begun, grant, directory, services.lasting(), () -> {
                socket.send(welcomes().lasting(grant, begun, begun.connection().turn(), reason));
                pause.end();
            });
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            givePlace(directory);
            throw e;
        }
        sessions().add(session);
        conversation.enter(new SessionSocket(socket, session, messages()));
        client.begin(); // from here on the session's end gives the place back
        socket.admitted();
        pause.begin();
    }

    private void find(V1Conversation conversation, Grant grant, ResumeRequest resume) {
        switch (sessions().find(resume.token(), welcomes().holder(grant))) {
            case ResumeTarget.Alive alive ->
                alive.session().loop().post(() -> resumeGuarded(conversation, grant, resume, alive));
            case ResumeTarget.Over over -> beginAgain(conversation, grant, over);
        }
    }

    /**
     * Resumes the session. If that fails, its state is unknown: it ends, and the client begins another. On the
     * session's loop.
     */
    private void resumeGuarded(
            V1Conversation conversation, Grant grant, ResumeRequest resume, ResumeTarget.Alive alive) {
        ClientConnection connection = alive.session().connection();
        try {
            new GuardedTask(connection, () -> resume(conversation, grant, resume, alive)).run();
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            on(connection.loop(), () -> rejection.connection().close(CloseCode.INTERNAL_ERROR));
            throw e;
        }
    }

    /** Resumes the session. On its loop. */
    private void resume(V1Conversation conversation, Grant grant, ResumeRequest resume, ResumeTarget.Alive alive) {
        LastingSession session = alive.session();
        LastingConnection connection = session.connection();
        Grant held = grant.withPeer(session.peer());
        LastingConnection.ResumeAttempt attempt =
                new LastingConnection.ResumeAttempt(rejection.connection().id(), alive.turn(), resume.position());
        LastingConnection.ResumeOutcome outcome = connection.resume(rejection.connection(), attempt, turn -> {
            on(session.loop(), () -> conversation.enter(socket(session))); // before the client can answer
            return welcomes().lasting(held, session, turn, null);
        });
        switch (outcome) {
            case RESUMED -> resumed(session, held);
            case STALE -> on(session.loop(), () -> rejection.connection().close(CloseCode.REPLACED));
            case OVER -> {
                ResumeTarget.Over over = ResumeTarget.Over.of(
                        requireNonNull(connection.end()), session.peer().id());
                on(
                        session.loop(),
                        new GuardedTask(rejection.connection(), () -> beginAgain(conversation, grant, over)));
            }
        }
    }

    private void resumed(LastingSession session, Grant held) {
        services.core().observer().resumed(null);
        log.info(
                "resume app={} peer={} session={} connection={}",
                held.app().id(),
                LogText.of(held.peer().id()),
                session.id().number(),
                rejection.connection().id());
        session.connection().admitted();
        session.resumed(held);
    }

    /** Runs the task on the loop of the socket: now, if that is this one. */
    @SuppressWarnings("ReferenceEquality") // a loop is nothing but itself
    private void on(Loop here, Runnable task) {
        Loop there = rejection.connection().loop();
        if (there == here) {
            task.run();
        } else {
            there.post(task);
        }
    }

    /** Others may have the peer id by now. */
    private void beginAgain(V1Conversation conversation, Grant grant, ResumeTarget.Over over) {
        if (conversation.isOver()) {
            return;
        }
        services.core().observer().resumed(over.reason());
        String peerId = over.peerId();
        boolean isFree = peerId != null && directories().of(grant.app()).peers().sessions(peerId) == 0;
        Grant again = peerId != null && isFree
                ? grant.withPeer(new PeerIdentity(peerId, grant.peer().metadata()))
                : grant;
        begin(conversation, again, over.reason());
    }

    private SessionSocket socket(LastingSession session) {
        return new SessionSocket(rejection.connection(), session, messages());
    }

    /** The welcome is sent when others reach the client: it may tell them its id from then on. */
    private WelcomedClient arrive(
            Session session, Grant grant, AppDirectory directory, MessageReader reader, Runnable welcome) {
        ArrivalAnswer answer = new ArrivalAnswer(welcome, () -> session.close(V1CloseCodes.OVER_CONCURRENT_LIMIT));
        SenderPace pace = services.core()
                .budgets()
                .pace(grant.app(), grant.peer().id(), rejection.connecting().address());
        EarlierSessions earlier = directory.exchange().arrive(session, answer);
        try {
            return new WelcomedClient(session, grant, earlier, services, reader, tokens, pace);
        } catch (RuntimeException | Error e) { // an allocator without memory throws an error
            directory.exchange().depart(session);
            throw e;
        }
    }

    /**
     * Takes a place for the client, among those of its app and in memory; false if all are taken, and then it is
     * refused.
     */
    private boolean takePlace(AppDirectory directory, Grant grant) {
        int most = services.settings().limits().peer().connections();
        if (directory.peers().sessions(grant.peer().id()) >= most) {
            return refused("the peer has too many connections");
        }
        if (!directory.usage().connect(address())) {
            return refused(directory.usage().refusal(address()));
        }
        if (!directory.memory().takeConnection(address())) {
            directory.usage().disconnect(address());
            return refused("there is no memory for more connections of the app from this address");
        }
        return true;
    }

    /** Releases the place of a client that is not admitted. */
    private void givePlace(AppDirectory directory) {
        directory.usage().disconnect(address());
        directory.memory().giveConnection(address());
    }

    /** What connections of one address have in common. */
    private Object address() {
        return SenderPace.address(rejection.connecting().address());
    }

    private boolean refused(String why) {
        rejection.refuse(V1CloseCodes.OVER_CONCURRENT_LIMIT, why);
        return false;
    }

    private WelcomeFrames welcomes() {
        return new WelcomeFrames(services, offer.credential());
    }

    private V1Messages messages() {
        return services.messages();
    }

    private SessionRegistry sessions() {
        return services.core().sessions();
    }

    private AppDirectories directories() {
        return services.core().directories();
    }
}
