// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * What tells one content of a file from another.
 *
 * @param changed when it was written
 * @param size in bytes
 * @param identity of the file a name or a link stands for
 */
public record FileStamp(FileTime changed, long size, String identity) {

    private static final FileStamp NONE = new FileStamp(FileTime.fromMillis(0), -1, "");

    /** Returns the stamp of the file as it is now; a missing file has a stamp of its own. */
    public static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    attributes.lastModifiedTime(), attributes.size(), Objects.toString(attributes.fileKey()));
        } catch (IOException e) {
            return NONE;
        }
    }
}
