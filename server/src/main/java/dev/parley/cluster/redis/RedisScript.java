// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The scripts that Redis runs. */
enum RedisScript {
    /** Calls each command that the others call. */
    CHECK("", "check.lua", ScriptOutputType.VALUE),

    BEGIN("", "begin.lua", ScriptOutputType.MULTI),
    DECIDE("#!lua\n", "decide.lua", ScriptOutputType.MULTI),

    /** The same, when Redis has no memory for more. */
    DECIDE_IN_NEED("#!lua flags=allow-oom\n", "decide.lua", ScriptOutputType.MULTI),

    TRIM("", "trim.lua", ScriptOutputType.INTEGER),
    RENEW("", "renew.lua", ScriptOutputType.MULTI),
    SWEEP("#!lua flags=allow-oom\n", "sweep.lua", ScriptOutputType.INTEGER),
    TAKE("", "take.lua", ScriptOutputType.MULTI),
    KEEP("", "keep.lua", ScriptOutputType.MULTI);

    private static final String FOLDER = "/dev/parley/cluster/";

    private final String text;
    private final String digest;
    private final ScriptOutputType output;

    /** @param head the first line of a script that begins with what deciding and sweeping share; else empty */
    RedisScript(String head, String file, ScriptOutputType output) {
        String shared = head.isEmpty() ? "" : head + read("common.lua");
        this.text = shared + read(file);
        this.digest = digest(text);
        this.output = output;
    }

    /** Returns the text of the script. */
    String text() {
        return text;
    }

    /** Returns the digest, by which Redis finds the script once it was loaded. */
    String digest() {
        return digest;
    }

    ScriptOutputType output() {
        return output;
    }

    private static String read(String file) {
        try (InputStream in = RedisScript.class.getResourceAsStream(FOLDER + file)) {
            return new String(requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
