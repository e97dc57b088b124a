// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricDocumentationTest {

    private static final Path DOCS = Path.of("..", "docs", "metrics.md");
    private static final Path BOARD = Path.of("..", "deploy", "grafana", "parley.json");

    @Test
    void theTableOfTheDocumentationIsTheTableOfTheCode() throws IOException {
        List<String> rows = Files.readAllLines(DOCS).stream()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `parley_"))
                .toList();

        assertThat(rows)
                .containsExactly(Arrays.stream(MetricName.values())
                        .map(MetricDocumentationTest::row)
                        .toArray(String[]::new));
    }

    @Test
    void theBoardShowsOnlyWhatThereIs() throws IOException {
        String board = Files.readString(BOARD);
        List<String> names =
                Arrays.stream(MetricName.values()).map(MetricName::shown).toList();
        List<String> shown = java.util.regex.Pattern.compile("parley_[a-z_]+")
                .matcher(board)
                .results()
                .map(java.util.regex.MatchResult::group)
                .distinct()
                .toList();

        assertThat(shown).isNotEmpty().isSubsetOf(names);
    }

    private static String row(MetricName metric) {
        String labels = metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return "| `" + metric.shown() + "` | " + metric.kind().name().toLowerCase(Locale.ROOT) + " | " + labels + " | "
                + metric.help() + " |";
    }
}
