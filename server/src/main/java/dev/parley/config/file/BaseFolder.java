// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A folder that names of files start from.
 *
 * @param path the folder
 * @param read where every file is noted that somebody tried to read, as it was just before
 */
record BaseFolder(Path path, Map<Path, FileStamp> read) {

    private static final int MAX_BYTES = 1 << 20;

    /** The text of a file. The exception says only what is wrong: the name may be a secret in the wrong place. */
    String text(String name) throws SettingException {
        try {
            Path file = path.resolve(name);
            read.putIfAbsent(file, FileStamp.of(file));
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new SettingException("this is not a file that can be read" + start());
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new SettingException("the file is not UTF-8 text");
        } catch (NoSuchFileException e) {
            throw new SettingException("there is no such file" + start());
        } catch (AccessDeniedException e) {
            throw new SettingException("the file may not be read: check its permissions");
        } catch (InvalidPathException | IOException e) {
            throw new SettingException("this is not a file that can be read" + start());
        }
    }

    /** The text of a file without the line end that editors put behind it. */
    String line(String name) throws SettingException {
        String text = text(name);
        int end = text.endsWith("\r\n") ? text.length() - 2 : text.endsWith("\n") ? text.length() - 1 : text.length();
        return text.substring(0, end);
    }

    private String start() {
        return path.toString().isEmpty() ? "" : " (relative names start from " + path + ")";
    }

    private static byte[] bytes(Path file) throws IOException, SettingException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new SettingException("the file is too large: at most 1MiB");
            }
            return bytes;
        }
    }
}
