// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What docs/configuration.md says. */
final class Documentation {

    private static final Pattern ITEM = Pattern.compile("^- `.*(\\n {2}.*)*", Pattern.MULTILINE);
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

    /** The items of the lists below a heading that begin with code, each as one line. */
    static List<String> items(String heading) {
        int from = text().indexOf("\n## " + heading + "\n");
        int next = text().indexOf("\n## ", from + 1);
        String section = text().substring(from, next < 0 ? text().length() : next);
        return ITEM.matcher(section)
                .results()
                .map(item -> item.group().replaceAll("\\n +", " ").strip())
                .toList();
    }
}
