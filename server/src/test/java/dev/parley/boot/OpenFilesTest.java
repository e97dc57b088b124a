// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.MinimalSettings;
import dev.parley.config.ServerSettings;
import dev.parley.wire.SettingsBuilder;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpenFilesTest {

    private static final long IN_MEMORY = 32_768;

    @Test
    void fewFilesAreAWarningWhereAppsMayHaveAnyNumberOfConnections() {
        assertThat(OpenFiles.warning(OptionalLong.of(2_048), IN_MEMORY, settings(0, 1_000)))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .contains("is 2048", "memory", "10000 connections and more", "LimitNOFILE", "ulimit -n"));
        assertThat(OpenFiles.warning(OptionalLong.of(20_000), IN_MEMORY, settings(0)))
                .isEmpty();
        assertThat(OpenFiles.warning(OptionalLong.empty(), IN_MEMORY, settings(0)))
                .isEmpty();
    }

    @Test
    void fewerFilesThanTheConfigurationAllowsConnectionsAreAWarning() {
        assertThat(OpenFiles.warning(OptionalLong.of(2_048), IN_MEMORY, settings(2_000, 1_000)))
                .hasValueSatisfying(
                        warning -> assertThat(warning).contains("is 2048", "the configuration", "3000 connections"));
        assertThat(OpenFiles.warning(OptionalLong.of(4_096), IN_MEMORY, settings(2_000, 1_000)))
                .isEmpty();
    }

    @Test
    void theLimitOfThisProcessIsRead() {
        assertThat(OpenFiles.limit().orElseThrow()).isPositive();
    }

    private static ServerSettings settings(int... connections) {
        AppSettings[] apps = new AppSettings[connections.length];
        for (int i = 0; i < apps.length; i++) {
            AppLimits limits = new AppLimits(connections[i], AppLimits.PATTERNS, List.of(), 0);
            apps[i] = new AppSettings("app" + i, true, List.of(), List.of(), List.of(), limits);
        }
        return new SettingsBuilder().apps(apps).minimal(MinimalSettings.off()).build();
    }
}
