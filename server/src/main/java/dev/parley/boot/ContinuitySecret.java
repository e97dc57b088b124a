// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.ServerSettings;
import dev.parley.config.SettingException;
import dev.parley.config.file.KeptSecret;
import dev.parley.config.file.LoadedConfiguration;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret that seals resume tokens, for a configuration that sets none: it is kept in the state folder. */
public final class ContinuitySecret {

    /** The name of its file. */
    static final String FILE = "continuity.secret";

    private static final Logger log = LoggerFactory.getLogger(ContinuitySecret.class);

    private ContinuitySecret() {}

    /**
     * Returns the settings with a secret, which is generated at the first start. Where no file can keep it, logs a
     * warning and returns the settings without one.
     *
     * @throws SettingException if the file that keeps it is damaged or may not be read
     */
    public static ServerSettings complete(LoadedConfiguration configuration) throws SettingException {
        ServerSettings settings = configuration.settings();
        if (!settings.services().continuity().isOffered()
                || settings.services().continuity().secret().isPresent()) {
            return settings;
        }
        if (configuration.stateFolder().isEmpty()) {
            warn(
                    "there is no folder to keep the secret in",
                    "name a folder that this user may write to in"
                            + " PARLEY_STATE_FOLDER, or set PARLEY_CONTINUITY_SECRET");
            return settings;
        }
        Path folder = configuration.stateFolder().get();
        try {
            KeptSecret kept = KeptSecret.open(folder.resolve(FILE));
            log.info(
                    "resume tokens are sealed with {} {}",
                    kept.isNew() ? "a new secret, which is kept in" : "the secret in",
                    kept.file());
            return settings.withContinuity(settings.services().continuity().orWith(kept.secret()));
        } catch (IOException | UnsupportedOperationException e) {
            warn(
                    "no secret can be kept in " + folder + " (" + cause(e) + ")",
                    "name a folder that this user may write to" + " in stateFolder, or set continuity.secretFile");
            return settings;
        }
    }

    private static void warn(String problem, String remedy) {
        log.warn("{}: clients get new peer ids when the server is started again; {}", problem, remedy);
    }

    private static String cause(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        return e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.getClass().getSimpleName();
    }
}
