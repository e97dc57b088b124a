// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.ContinuitySettings;
import dev.parley.config.MessageLimits;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import java.nio.file.Path;
import java.time.Duration;

/** {@code continuity}, {@code stateFolder}: what is kept of clients that lost their sockets, and of the process. */
final class ContinuitySection {

    static final SettingTable KEYS = new SettingTable();

    private static final ContinuitySettings DEFAULTS = ContinuitySettings.defaults();

    private static final SettingKey<Duration> WINDOW = KEYS.add(
            "continuity.window",
            ValueKinds.duration("0s", "24h"),
            DefaultValue.of(DEFAULTS.window()),
            "How long a client of `parley.v1` that lost its socket is waited for; 0s speaks plain v1 only.");

    private static final SettingKey<Integer> FRAMES = KEYS.add(
            "continuity.frames",
            ValueKinds.count(1, 1_000_000),
            DefaultValue.of(DEFAULTS.frames()),
            "How many messages are kept for such a client while it is away; with more its session ends.");

    private static final SettingKey<Integer> BYTES = KEYS.add(
            "continuity.bytes",
            ValueKinds.size("64KiB", "64MiB"),
            DefaultValue.ofBytes(DEFAULTS.bytes()),
            "How much is kept for such a client, away or slow, until it acknowledges it; at least two messages"
                    + " of `limits.messageBytes`, for which the default is raised.");

    private static final SettingKey<Integer> TOTAL_BYTES = KEYS.add(
            "continuity.totalBytes",
            ValueKinds.size("64KiB", "1024MiB"),
            DefaultValue.NONE,
            "How much memory all messages may take that wait for receivers or for their acknowledgement; at most"
                    + " half of the direct memory of the JVM, which is the default.");

    static final SettingKey<Secret> SECRET = KEYS.add(
            "continuity.secret",
            ValueKinds.SECRET,
            DefaultValue.NONE,
            "What seals resume tokens; with it a client gets its peer id back from a server that was started"
                    + " again. This or `secretFile`; with neither, the server generates a secret and keeps it in"
                    + " `stateFolder`.");

    static final SettingKey<Secret> SECRET_FILE = KEYS.add(
            "continuity.secretFile",
            ValueKinds.SECRET_FILE,
            DefaultValue.NONE,
            "The file that holds it; this or `secret`.");

    static final SettingKey<Path> STATE_FOLDER = KEYS.add(
            "stateFolder",
            ValueKinds.FOLDER,
            DefaultValue.NONE,
            "Where the server keeps what outlives the process: the file `continuity.secret`. By default the"
                    + " folder of the configuration.");

    private ContinuitySection() {}

    static ContinuitySettings read(SectionValues values, ServerSettings.Mode mode, MessageLimits message)
            throws SettingException {
        ContinuitySettings continuity = new ContinuitySettings(
                values.get(WINDOW),
                values.get(FRAMES),
                bytes(values, message),
                values.find(TOTAL_BYTES).orElse(0),
                values.either(SECRET, SECRET_FILE));
        if (continuity.totalBytes() > 0 && continuity.totalBytes() < continuity.bytes()) {
            boolean isBytes = values.isWritten(BYTES) && !values.isWritten(TOTAL_BYTES);
            throw values.place(isBytes ? BYTES : TOTAL_BYTES)
                    .refused("continuity.totalBytes must not be less than continuity.bytes, and is "
                            + continuity.totalBytes() + ", less than " + continuity.bytes());
        }
        return mode == ServerSettings.Mode.DEVELOPMENT
                ? continuity.orWith(ServerSettings.DEVELOPMENT_CONTINUITY_SECRET)
                : continuity;
    }

    /** Else one permitted message would be more than is kept for a client that is away. */
    private static int bytes(SectionValues values, MessageLimits message) throws SettingException {
        int bytes = values.get(BYTES);
        int least = 2 * message.wholeBytes();
        if (bytes >= least) {
            return bytes;
        }
        if (!values.isWritten(BYTES)) {
            return least;
        }
        throw values.place(BYTES)
                .refused("continuity.bytes must hold two messages of limits.messageBytes and 4096 bytes around"
                        + " each, and is "
                        + bytes + ", less than " + least);
    }
}
