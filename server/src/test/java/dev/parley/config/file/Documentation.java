// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What docs/configuration.md says. */
final class Documentation {

    private static final Path FILE = Path.of("..", "docs", "configuration.md");

    private Documentation() {}

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The example of a whole file: the first block of YAML. */
    static String example() {
        String start = "```yaml\n";
        int from = text().indexOf(start) + start.length();
        return text().substring(from, text().indexOf("```", from));
    }

    /** The rows of the tables below a heading, without those that name the columns. */
    static List<String> rows(String heading) {
        int from = text().indexOf("\n## " + heading + "\n");
        int next = text().indexOf("\n## ", from + 1);
        return text().substring(from, next < 0 ? text().length() : next)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();
    }
}
