// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.App;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.Channels;
import dev.parley.core.access.Denial;
import dev.parley.core.access.Names;
import dev.parley.core.access.Powers;
import dev.parley.core.port.Request;
import dev.parley.core.relay.Relay;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request of a back end that was let in: what it asks for, and what it may. */
final class Call {

    private static final String CHARSET = "charset=";

    private final BackEnd backEnd;
    private final Powers powers;
    private final Relay relay;
    private final Request request;
    private final String name;
    private final byte[] body;
    private final Effort effort = new Effort();

    /**
     * A call.
     *
     * @param relay of the back end's app
     * @param name what the path names, as sent
     * @param body not to be changed
     */
    Call(BackEnd backEnd, Relay relay, Request request, String name, byte[] body) {
        this.backEnd = backEnd;
        this.powers = backEnd.key().powers();
        this.relay = relay;
        this.request = request;
        this.name = name;
        this.body = body;
    }

    BackEnd backEnd() {
        return backEnd;
    }

    App app() {
        return backEnd.app();
    }

    /** What its key may do, the same for the whole call. */
    Powers powers() {
        return powers;
    }

    /** The channels its key covers. */
    Channels covered() {
        return powers.channels();
    }

    Relay relay() {
        return relay;
    }

    Request request() {
        return request;
    }

    /** What the request costs; the operation counts it. */
    Effort effort() {
        return effort;
    }

    /** The channel the path names. */
    String channel() throws Refused {
        String channel = Percent.decode(name);
        if (channel == null || !Names.isChannel(channel)) {
            throw Refused.invalid(
                    "the channel must be 1 to 256 characters without control characters, percent-encoded as UTF-8");
        }
        if (Names.isReserved(channel)) {
            throw Refused.reserved();
        }
        return channel;
    }

    /** The peer the path names. */
    String peerId() throws Refused {
        String id = Percent.decode(name);
        if (id == null || !Names.isPeerId(id)) {
            throw Refused.invalid(
                    "the peer id must be 1 to 128 characters without control characters, percent-encoded as UTF-8");
        }
        return id;
    }

    /** Goes on only if the key allows it. */
    void require(Action action) throws Refused {
        if (!powers.actions().contains(action)) {
            throw Refused.denied(Denial.ACTION, action);
        }
    }

    /** Goes on only if the key allows it in this channel. */
    void require(Action action, String channel) throws Refused {
        Denial denial = powers.denial(action, channel);
        if (denial != null) {
            throw Refused.denied(denial, action);
        }
    }

    Query query() throws Refused {
        return Query.of(request.query());
    }

    /** The body, whatever it says it is, unless it says that it is not UTF-8. */
    JsonObject body() throws Refused, JsonFault {
        for (String type : request.headers().all("content-type")) {
            String charset = charset(type);
            if (charset != null && !charset.equals("utf-8")) {
                throw Refused.invalid("the body must be JSON in UTF-8");
            }
        }
        if (body.length == 0) {
            throw Refused.invalid("the body must be a JSON object");
        }
        return JsonObject.read(body);
    }

    /** The value of the header, null if there is none. */
    @Nullable
    String header(String lowerCaseName) throws Refused {
        List<String> values = request.headers().all(lowerCaseName);
        if (values.size() > 1) {
            throw Refused.invalid("\"" + lowerCaseName + "\" must stand there once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    byte[] bytes() {
        return body;
    }

    private static @Nullable String charset(String contentType) {
        for (String parameter : contentType.toLowerCase(Locale.ROOT).split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.startsWith(CHARSET)) {
                return stripped.substring(CHARSET.length()).replace("\"", "").strip();
            }
        }
        return null;
    }
}
