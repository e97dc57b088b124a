// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import org.jspecify.annotations.Nullable;

/** Everything the client says. Bodies are messages from behind the first brace, where a number may come. */
final class ClientMessages {

    static final String PING = "{\"type\":\"ping\"}";

    private static final int MAX_CHANNEL_LENGTH = 256;
    private static final int MAX_PEER_ID_LENGTH = 128;

    private ClientMessages() {}

    /** @param number 0 for none */
    static String numbered(String body, long number) {
        return number == 0 ? "{" + body : "{\"seq\":" + number + "," + body;
    }

    static String received(long through) {
        return "{\"type\":\"received\",\"seq\":" + through + "}";
    }

    static String subscribe(String requestId, String channel, Subscription options) {
        StringBuilder body = addressed("subscribe", requestId, "channel", channel(channel));
        return body.append(options.includesSenderMetadata() ? ",\"includeSenderMetadata\":true}" : "}")
                .toString();
    }

    static String unsubscribe(String requestId, String channel) {
        return addressed("unsubscribe", requestId, "channel", channel(channel))
                .append('}')
                .toString();
    }

    static String refresh(String requestId, String token) {
        return addressed("refresh", requestId, "token", token).append('}').toString();
    }

    /** @param requestId null to ask for no answer */
    static String publish(@Nullable String requestId, String channel, JsonData data) {
        return withData(addressed("publish", requestId, "channel", channel(channel)), data);
    }

    /** @param requestId null to ask for no answer */
    static String send(@Nullable String requestId, String to, JsonData data) {
        return withData(addressed("send", requestId, "to", Utf8Text.name(to, MAX_PEER_ID_LENGTH)), data);
    }

    private static String channel(String channel) {
        return Utf8Text.name(channel, MAX_CHANNEL_LENGTH);
    }

    private static StringBuilder addressed(String type, @Nullable String requestId, String key, String name) {
        StringBuilder body = new StringBuilder("\"type\":\"").append(type).append("\",");
        if (requestId != null) {
            body.append("\"requestId\":\"").append(requestId).append("\",");
        }
        return JsonText.quote(body.append('"').append(key).append("\":"), name);
    }

    private static String withData(StringBuilder body, JsonData data) {
        return body.append(",\"data\":").append(data.json()).append('}').toString();
    }
}
