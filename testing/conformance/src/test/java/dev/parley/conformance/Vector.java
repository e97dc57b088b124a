// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.rawclient.RawClient;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Plays the clients of one wire vector; see docs/vectors/README.md. */
final class Vector {

    private final Server server;
    private final JsonNode steps;
    private final Map<String, RawClient> sockets = new HashMap<>();
    private final Map<String, JsonNode> values = new HashMap<>();

    Vector(Server server, JsonNode vector) {
        this.server = server;
        this.steps = vector.path("steps");
    }

    void play() {
        try {
            for (JsonNode step : steps) {
                play(step);
            }
        } finally {
            sockets.values().forEach(RawClient::close);
        }
    }

    private void play(JsonNode step) {
        String name = step.path("socket").asString();
        if (step.has("opens")) {
            sockets.put(name, open(step.path("opens")));
        } else if (step.has("says")) {
            socket(name).text(filled(step.path("says")).toString());
        } else if (step.has("hears")) {
            hear(socket(name), step);
        } else if (step.has("drops")) {
            socket(name).reset();
        } else if (step.has("leaves")) {
            leave(socket(name), step.path("leaves").asInt());
        } else if (step.has("closed")) {
            assertThat(next(socket(name))).as("%s", step).startsWith("close " + step.path("closed") + " ");
        } else {
            throw new AssertionError("no such step: " + step);
        }
    }

    private RawClient open(JsonNode offer) {
        String protocols = "parley.v1, key." + server.key();
        if (offer.has("resume")) {
            protocols += ", resume." + filled(offer.path("resume")).asString() + "." + offer.path("received");
        }
        return server.tcp().upgrade("/v1", server.host(), "Sec-WebSocket-Protocol: " + protocols);
    }

    private RawClient socket(String name) {
        return requireNonNull(sockets.get(name), () -> "socket " + name);
    }

    private static void leave(RawClient socket, int code) {
        socket.send(RawClient.closeFrame(code, ""));
        String frame = next(socket);
        while (frame.startsWith("text ")) { // was on its way
            frame = next(socket);
        }
        assertThat(frame).startsWith("close " + code);
    }

    private void hear(RawClient socket, JsonNode step) {
        JsonNode expected = step.path("hears");
        JsonNode frame = message(socket, step);
        while (isReceipt(frame) && !isReceipt(expected)) {
            frame = message(socket, step);
        }
        matches(expected, frame, step + " in " + frame);
    }

    private static boolean isReceipt(JsonNode frame) {
        return frame.path("type").asString().equals("received");
    }

    private static JsonNode message(RawClient socket, JsonNode step) {
        String frame = next(socket);
        assertThat(frame).as("%s", step).startsWith("text ");
        return Json.parse(frame.substring("text ".length()));
    }

    private static String next(RawClient socket) {
        String frame = socket.read();
        while (frame.startsWith("ping")) {
            socket.answer(frame);
            frame = socket.read();
        }
        return frame;
    }

    /** An object may have more members than are expected. */
    private void matches(JsonNode expected, JsonNode actual, String where) {
        if (expected.isString() && expected.asString().startsWith("$")) {
            JsonNode known = values.putIfAbsent(expected.asString(), actual);
            assertThat(actual.isMissingNode()).as(where).isFalse();
            assertThat(actual).as(where).isEqualTo(known == null ? actual : known);
        } else if (expected.isObject()) {
            assertThat(actual.isObject()).as(where).isTrue();
            expected.properties().forEach(member -> matches(member.getValue(), actual.path(member.getKey()), where));
        } else if (expected.isArray()) {
            assertThat(actual.size()).as(where).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                matches(expected.get(i), actual.path(i), where);
            }
        } else {
            assertThat(actual).as(where).isEqualTo(expected);
        }
    }

    /** With the values its names stand for. */
    private JsonNode filled(JsonNode template) {
        if (template.isString() && template.asString().startsWith("$")) {
            return requireNonNull(values.get(template.asString()), template::toString);
        }
        if (template instanceof ObjectNode object) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> filled.set(member.getKey(), filled(member.getValue())));
            return filled;
        }
        return template.isString() ? StringNode.valueOf(template.asString()) : template;
    }
}
