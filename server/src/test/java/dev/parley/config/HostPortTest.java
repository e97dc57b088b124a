// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    private static final Secret SECRET = new Secret("nothing to hide");

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080,127.0.0.1,8080",
        "[::1]:0,::1,0",
        "localhost:65535,localhost,65535",
        "a.example:1,a.example,1"
    })
    void readsAndWritesAddresses(String text, String host, int port) throws SettingException {
        HostPort address = HostPort.parse(text);

        assertThat(address).isEqualTo(new HostPort(host, port));
        assertThat(address).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8080",
                "localhost",
                "localhost:",
                ":8080",
                "localhost:65536",
                "::1:8080",
                "a b:1",
                "http://a:1",
                "a:-1"
            })
    void refusesAnythingElseInOneLineThatSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("HOST:PORT")
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:1", "[::]:1", "192.168.0.1:1", "example.com:1", "127.0.0.2:1"})
    void developmentModeListensOnLoopbackOnly(String text) throws SettingException {
        Optional<HostPort> address = Optional.of(HostPort.parse(text));

        assertThatThrownBy(() -> ServerSettings.development(address, Optional.empty(), SECRET))
                .isInstanceOf(SettingException.class);
        assertThatThrownBy(() -> ServerSettings.development(Optional.empty(), address, SECRET))
                .isInstanceOf(SettingException.class);
    }
}
