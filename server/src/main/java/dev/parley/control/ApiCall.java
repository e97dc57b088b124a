// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.config.Action;
import dev.parley.core.access.App;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.ChannelSet;
import dev.parley.core.access.GrantDenial;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.access.NameRules;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.relay.AppDirectory;
import dev.parley.json.JsonFault;
import dev.parley.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request of a back end that was let in: what it asks for, and what it may. */
final class ApiCall {

    private static final String CHARSET = "charset=";

    private final BackEnd backEnd;
    private final GrantPowers powers;
    private final AppDirectory directory;
    private final ClientRequest request;
    private final String name;
    private final byte[] body;
    private final RequestEffort effort = new RequestEffort();

    /**
     * A call.
     *
     * @param directory of the back end's app
     * @param name what the path names, as sent
     * @param body not to be changed
     */
    ApiCall(BackEnd backEnd, AppDirectory directory, ClientRequest request, String name, byte[] body) {
        this.backEnd = backEnd;
        this.powers = backEnd.key().powers();
        this.directory = directory;
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
    GrantPowers powers() {
        return powers;
    }

    /** Returns the channels that the key of the request covers. */
    ChannelSet covered() {
        return powers.channels();
    }

    AppDirectory directory() {
        return directory;
    }

    ClientRequest request() {
        return request;
    }

    /** What the request costs; the operation counts it. */
    RequestEffort effort() {
        return effort;
    }

    /** Returns the channel in the path. */
    String channel() throws ApiRefusedException {
        String channel = PercentEncoding.decode(name);
        if (channel == null || !NameRules.isChannel(channel)) {
            throw ApiRefusedException.invalid(
                    "the channel must be 1 to 256 characters without control characters, percent-encoded as UTF-8");
        }
        if (NameRules.isReserved(channel)) {
            throw ApiRefusedException.reserved();
        }
        return channel;
    }

    /** Returns the peer id in the path. */
    String peerId() throws ApiRefusedException {
        String id = PercentEncoding.decode(name);
        if (id == null || !NameRules.isPeerId(id)) {
            throw ApiRefusedException.invalid(
                    "the peer id must be 1 to 128 characters without control characters, percent-encoded as UTF-8");
        }
        return id;
    }

    /** Goes on only if the key allows it. */
    void require(Action action) throws ApiRefusedException {
        if (!powers.actions().contains(action)) {
            throw ApiRefusedException.denied(GrantDenial.ACTION, action);
        }
    }

    /** Goes on only if the key allows it in this channel. */
    void require(Action action, String channel) throws ApiRefusedException {
        GrantDenial denial = powers.denial(action, channel);
        if (denial != null) {
            throw ApiRefusedException.denied(denial, action);
        }
    }

    QueryParameters query() throws ApiRefusedException {
        return QueryParameters.of(request.query());
    }

    /** The body, whatever it says it is, unless it says that it is not UTF-8. */
    JsonObject body() throws ApiRefusedException, JsonFault {
        for (String type : request.headers().all("content-type")) {
            String charset = charset(type);
            if (charset != null && !charset.equals("utf-8")) {
                throw ApiRefusedException.invalid("the body must be JSON in UTF-8");
            }
        }
        if (body.length == 0) {
            throw ApiRefusedException.invalid("the body must be a JSON object");
        }
        return JsonObject.read(body);
    }

    /** The value of the header, null without one. */
    @Nullable
    String header(String lowerCaseName) throws ApiRefusedException {
        List<String> values = request.headers().all(lowerCaseName);
        if (values.size() > 1) {
            throw ApiRefusedException.invalid("\"" + lowerCaseName + "\" must stand there once");
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
