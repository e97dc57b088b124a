// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.core.port.CloseCode;
import dev.parley.core.port.Command;
import dev.parley.core.port.NodeEvent;
import dev.parley.core.port.PeerIdentity;
import dev.parley.core.port.RosterEntry;
import dev.parley.core.port.SessionEvent;
import dev.parley.core.port.SessionId;
import dev.parley.core.port.Signal;
import dev.parley.core.port.SignalHead;
import dev.parley.core.port.UndeliveredReason;
import org.jspecify.annotations.Nullable;

/** Events and identities as bytes, which scripts copy from commands into inboxes and never read. */
final class EventBytes {

    /** Room for everything but names and data. */
    private static final int USUAL = 128;

    private EventBytes() {}

    // Identities of sessions.

    static byte[] identity(SessionId session, PeerIdentity peer) {
        ByteWriter bytes = new ByteWriter(USUAL);
        write(session, bytes);
        write(peer, bytes);
        return bytes.end();
    }

    static RosterEntry entry(ByteReader identity, boolean isAway) {
        return new RosterEntry(session(identity), peer(identity), isAway);
    }

    // Signals.

    static byte[] published(Command.Publish publish) {
        ByteWriter bytes = new ByteWriter(USUAL + publish.signal().payload().length());
        bytes.text(publish.app());
        bytes.text(publish.room());
        write(publish.head(), publish.signal(), bytes);
        return bytes.end();
    }

    static NodeEvent published(ByteReader bytes) {
        return new NodeEvent.Published(bytes.text(), bytes.text(), head(bytes), signal(bytes));
    }

    static byte[] sent(Command.Send send) {
        ByteWriter bytes = new ByteWriter(USUAL + send.signal().payload().length());
        bytes.text(send.app());
        bytes.text(send.to());
        write(send.head(), send.signal(), bytes);
        return bytes.end();
    }

    static NodeEvent sent(ByteReader bytes) {
        return new NodeEvent.Sent(bytes.text(), bytes.text(), head(bytes), signal(bytes));
    }

    private static void write(SignalHead head, Signal signal, ByteWriter bytes) {
        write(head.peer(), bytes);
        writeOrNull(head.session(), bytes);
        bytes.number(head.sequence());
        bytes.text(head.address());
        bytes.raw((byte) letter(signal.kind()));
        bytes.payload(signal.payload());
    }

    private static SignalHead head(ByteReader bytes) {
        return new SignalHead(peer(bytes), sessionOrNull(bytes), bytes.number(), bytes.text());
    }

    private static Signal signal(ByteReader bytes) {
        return new Signal(kind((char) bytes.raw()), bytes.payload());
    }

    private static char letter(Signal.Kind kind) {
        return switch (kind) {
            case JSON -> 'J';
            case TEXT -> 'T';
            case BINARY -> 'B';
        };
    }

    private static Signal.Kind kind(char letter) {
        return switch (letter) {
            case 'J' -> Signal.Kind.JSON;
            case 'T' -> Signal.Kind.TEXT;
            case 'B' -> Signal.Kind.BINARY;
            default -> throw new IllegalArgumentException("unknown kind " + letter);
        };
    }

    // Others.

    static byte[] closed(Command.Close close) {
        ByteWriter bytes = new ByteWriter(USUAL);
        bytes.text(close.app());
        bytes.text(close.peer());
        bytes.number(close.code().number());
        bytes.text(close.code().reason());
        return bytes.end();
    }

    static NodeEvent closed(ByteReader bytes) {
        return new NodeEvent.Closed(
                bytes.text(), bytes.text(), new CloseCode(Math.toIntExact(bytes.number()), bytes.text()));
    }

    static byte[] reported(Command.Report report) {
        ByteWriter bytes = new ByteWriter(USUAL);
        bytes.text(report.app());
        write(report.sender(), bytes);
        bytes.text(report.event().to());
        bytes.number(report.event().from());
        bytes.number(report.event().through());
        bytes.text(report.event().why().name());
        return bytes.end();
    }

    static NodeEvent reported(ByteReader bytes) {
        return new NodeEvent.Reported(
                bytes.text(),
                session(bytes),
                new SessionEvent.Undelivered(
                        bytes.text(), bytes.number(), bytes.number(), UndeliveredReason.valueOf(bytes.text())));
    }

    private static void write(PeerIdentity peer, ByteWriter bytes) {
        bytes.text(peer.id());
        bytes.text(peer.metadata());
    }

    private static PeerIdentity peer(ByteReader bytes) {
        return new PeerIdentity(bytes.text(), bytes.textOrNull());
    }

    private static void write(SessionId session, ByteWriter bytes) {
        bytes.text(session.epoch());
        bytes.number(session.number());
    }

    private static SessionId session(ByteReader bytes) {
        return new SessionId(bytes.text(), bytes.number());
    }

    private static void writeOrNull(@Nullable SessionId session, ByteWriter bytes) {
        bytes.text(session == null ? null : session.epoch());
        bytes.number(session == null ? 0 : session.number());
    }

    private static @Nullable SessionId sessionOrNull(ByteReader bytes) {
        String epoch = bytes.textOrNull();
        long number = bytes.number();
        return epoch == null ? null : new SessionId(epoch, number);
    }
}
