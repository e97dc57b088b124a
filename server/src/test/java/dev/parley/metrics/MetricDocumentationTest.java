// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricDocumentationTest {

    private static final Pattern ITEM = Pattern.compile("^- `parley_.*(\\n {2}.*)*", Pattern.MULTILINE);
    private static final Path DOCS = Path.of("..", "docs", "metrics.md");
    private static final Path BOARD = Path.of("..", "deploy", "grafana", "parley.json");

    @Test
    void theDocumentationListsTheMetricsOfTheCode() throws IOException {
        String first = Files.readString(DOCS).split("\n## ", 2)[0];
        List<String> items = ITEM.matcher(first)
                .results()
                .map(item -> item.group().replaceAll("\\n +", " ").strip())
                .toList();

        assertThat(items)
                .containsExactly(Arrays.stream(MetricName.values())
                        .map(MetricDocumentationTest::item)
                        .toArray(String[]::new));
    }

    @Test
    void theBoardShowsOnlyWhatThereIs() throws IOException {
        String board = Files.readString(BOARD);
        List<String> names =
                Arrays.stream(MetricName.values()).map(MetricName::shown).toList();
        List<String> shown = Pattern.compile("parley_[a-z_]+")
                .matcher(board)
                .results()
                .map(match -> match.group().replaceFirst("_bucket$", ""))
                .distinct()
                .toList();

        assertThat(shown).isNotEmpty().isSubsetOf(names);
    }

    private static String item(MetricName metric) {
        String labels = metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        String facts = metric.kind().name().toLowerCase(Locale.ROOT) + (labels.isEmpty() ? "" : "; " + labels);
        return "- `" + metric.shown() + "` (" + facts + "): " + metric.help();
    }
}
