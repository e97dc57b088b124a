// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.StoreCall;
import dev.parley.core.port.Command;
import dev.parley.core.port.PlaceRequest;
import dev.parley.core.port.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands as arguments of {@code decide.lua}. */
final class CommandArguments {

    private static final byte[] NOTHING = {};
    private static final byte[] YES = text("1");
    private static final byte[] NO = text("0");

    private final List<byte[]> arguments = new ArrayList<>();

    /** Adds a command with its number. */
    void add(StoreCall.Numbered numbered) {
        byte[] number = text(Long.toString(numbered.number()));
        switch (numbered.command()) {
            case Command.Arrive arrive ->
                add(
                        'A',
                        number,
                        name(arrive.app()),
                        id(arrive.session()),
                        name(arrive.peer().id()),
                        limit(arrive.place()),
                        name(arrive.place().address()));
            case Command.AnswerProbe answer ->
                add('V', number, name(answer.app()), id(answer.newcomer()), answer.isOneAlive() ? YES : NO);
            case Command.Depart depart -> add('D', number, name(depart.app()), id(depart.session()));
            case Command.Join join ->
                add(
                        'J',
                        number,
                        name(join.app()),
                        name(join.room()),
                        id(join.session()),
                        entry(join.entry()),
                        limit(join.place()),
                        name(join.place().address()),
                        name(join.peer().id()),
                        EventBytes.identity(join.session(), join.peer()));
            case Command.Rejoin rejoin ->
                add(
                        'K',
                        number,
                        name(rejoin.app()),
                        name(rejoin.room()),
                        id(rejoin.session()),
                        entry(rejoin.entry()),
                        rejoin.isAway() ? YES : NO,
                        name(rejoin.address()),
                        name(rejoin.peer().id()),
                        EventBytes.identity(rejoin.session(), rejoin.peer()));
            case Command.Enter enter -> add('E', number, name(enter.app()), name(enter.room()), id(enter.session()));
            case Command.Leave leave -> add('L', number, name(leave.app()), name(leave.room()), id(leave.session()));
            case Command.SetAway away ->
                add('W', number, name(away.app()), name(away.room()), id(away.session()), away.isAway() ? YES : NO);
            case Command.SetPatternCost cost ->
                add(
                        'G',
                        number,
                        name(cost.app()),
                        text(Long.toString(cost.fixed())),
                        text(Long.toString(cost.perCharacter())));
            case Command.Publish publish ->
                add(
                        'P',
                        number,
                        name(publish.app()),
                        name(publish.room()),
                        id(publish.head().session()),
                        EventBytes.published(publish));
            case Command.Send send -> add('S', number, name(send.app()), name(send.to()), EventBytes.sent(send));
            case Command.Close close ->
                add('C', number, name(close.app()), name(close.peer()), EventBytes.closed(close));
            case Command.Ask ask -> add('Q', number, name(ask.app()), ListBytes.asked(ask));
            case Command.Answer answer ->
                add('Y', number, name(answer.app()), name(answer.node()), ListBytes.answered(answer));
            case Command.Report report ->
                add('R', number, name(report.app()), id(report.sender()), EventBytes.reported(report));
        }
    }

    List<byte[]> list() {
        return arguments;
    }

    private void add(char letter, byte[]... rest) {
        arguments.add(new byte[] {(byte) letter});
        arguments.addAll(List.of(rest));
    }

    private static byte[] entry(Command.Join.Entry entry) {
        return text(
                switch (entry) {
                    case ENTERS -> "E";
                    case LISTENS -> "L";
                    case PATTERN -> "W";
                });
    }

    private static byte[] limit(PlaceRequest place) {
        return text(Integer.toString(place.limit()));
    }

    private static byte[] id(@Nullable SessionId session) {
        return session == null ? NOTHING : name(session.toString());
    }

    private static byte[] name(String name) {
        return NameBytes.of(name);
    }

    static byte[] text(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
