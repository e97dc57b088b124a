// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Payload;
import java.nio.charset.StandardCharsets;

/** Payloads from text, and back. */
public final class TextPayload {

    private TextPayload() {}

    public static Payload of(String text) {
        return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String text(Payload payload) {
        return new String(payload.copy(), StandardCharsets.UTF_8);
    }
}
