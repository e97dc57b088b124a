// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import dev.parley.core.port.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A payload that can be read in a failure message. */
public record TextPayload(String text) implements Payload {

    @Override
    public int length() {
        return bytes().length;
    }

    @Override
    public void copyTo(ByteBuffer target) {
        target.put(bytes());
    }

    private byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
