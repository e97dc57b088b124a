// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.SettingException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedConfigurationTest {

    @TempDir
    private Path folder;

    private Folders folders;

    @BeforeEach
    void inAFolder() {
        folders = new Folders(folder);
        folders.write("turn.secret", "what-the-turn-server-and-parley-share\n");
        folders.write("one.secret", "a-secret-of-32-or-more-random-characters\n");
        folders.write("backend.secret", "0123456789abcdef0123456789abcdef");
    }

    @Test
    void noSecretIsShown() throws SettingException {
        folders.write("file", Folders.CANARY);
        LoadedConfiguration configuration = folders.read(
                "minimal: {enabled: true, key: " + Folders.CANARY + "}\napps: [{id: a, secretKeys: [{id: k1, secret: "
                        + Folders.CANARY + "}, {id: k2, secretFile: file}]}]");

        assertThat(String.join("\n", configuration.lines()))
                .doesNotContain("canary")
                .contains("{id: k1, secret: \"***\"", "{id: k2, secretFile: file", "key: \"***\"");
        assertThat(configuration.toString()).doesNotContain("canary");
    }

    @Test
    void noSecretOfTheEnvironmentIsShown() throws SettingException {
        LoadedConfiguration configuration =
                Folders.read(Map.of("PARLEY_SECRET", "sk_id_7:" + Folders.CANARY, "PARLEY_MINIMAL_KEY", "canary"));

        assertThat(configuration.toString()).doesNotContain("canary");
        assertThat(configuration.lines())
                .anySatisfy(line -> assertThat(line).contains("{id: sk_id_7, secret: \"***\""));
    }

    @Test
    void whatIsShownMeansTheSameWhenItIsRead() throws SettingException {
        LoadedConfiguration configuration = folders.read(Documentation.example());
        String shown =
                String.join("\n", configuration.lines()).replace("\"***\"", "replace-this-by-32-or-more-random-bytes");

        LoadedConfiguration again = folders.read(shown);

        assertThat(again.settings()).isEqualTo(configuration.settings());
        assertThat(again.lines()).isEqualTo(configuration.lines());
    }

    @Test
    void textsThatMeanSomethingInYamlAreQuoted() throws SettingException {
        String yaml = "apps: [{id: \"null\", publishableKeys: [{id: \"-\", channels: [\"a: b\", \"#\", \"q\\\"\\\\\","
                + " \"x,y\", '*'],"
                + " actions: [send]}]}]";
        LoadedConfiguration configuration = folders.read(yaml);
        assertThat(folders.read(String.join("\n", configuration.lines())).settings())
                .isEqualTo(configuration.settings());
    }
}
