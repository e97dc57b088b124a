// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;

/**
 * A generated secret in a file that only its owner may read. Processes that open the same file at the same time get the
 * same secret.
 *
 * @param file where it is
 * @param isNew whether this call generated it
 */
public record KeptSecret(Path file, Secret secret, boolean isNew) {

    private static final int BYTES = 32;
    private static final String OWNER_ONLY = "rw-------";

    /**
     * Reads the secret of this file, and generates it first if there is no such file.
     *
     * @throws SettingException if the file exists and holds no secret, or may not be read
     * @throws IOException if the file does not exist and cannot be created
     */
    public static KeptSecret open(Path file) throws SettingException, IOException {
        boolean isNew = Files.notExists(file) && create(file);
        return new KeptSecret(file, read(file), isNew);
    }

    private static Secret read(Path file) throws SettingException {
        try {
            return ValueKinds.SECRET_FILE.parser().parse(file.toString(), new BaseFolder(Path.of(""), new HashMap<>()));
        } catch (SettingException e) {
            throw new SettingException(QuotedInput.line(file + ": " + e.getMessage()
                    + "; restore the file, or delete it: then the server generates another secret, and clients get new"
                    + " peer ids once"));
        }
    }

    /**
     * Whether the file is new; false if another process was faster. The file appears with its whole content: a link to
     * a file that exists fails, unlike a rename.
     */
    private static boolean create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path draft = Files.createTempFile(
                folder,
                "." + file.getFileName() + "-",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        try {
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                out.write(StandardCharsets.US_ASCII.encode(generate() + "\n"));
                out.force(true);
            }
            Files.createLink(file, draft);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.delete(draft);
        }
    }

    private static String generate() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
