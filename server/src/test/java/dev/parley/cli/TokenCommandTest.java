// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.core.access.AuthenticationResult;
import dev.parley.core.access.ConnectingClient;
import dev.parley.core.access.Credential;
import dev.parley.core.access.Grant;
import dev.parley.core.access.GrantDenial;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TokenCommandTest {

    private static final String SECRET = "sk_secret_canary_0123456789abcdef0123456789";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theTokenIsGoodForWhatWasAskedFor() throws IOException {
        int code = run(
                "--peer",
                "alice",
                "--channel",
                "room-*",
                "--permission",
                "subscribe",
                "--expires",
                "15m",
                "--metadata",
                "{\"a\": 1}",
                "--peer-metadata",
                "{\"name\":\"Alice\"}");

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        Grant grant = grant(out.toString().strip());
        assertThat(grant.peer().id()).isEqualTo("alice");
        assertThat(grant.peer().metadata()).isEqualTo("{\"name\":\"Alice\"}");
        assertThat(grant.metadata()).isEqualTo("{\"a\":1}");
        assertThat(grant.denial(Action.SUBSCRIBE, "room-1")).isNull();
        assertThat(grant.denial(Action.SUBSCRIBE, "lobby")).isEqualTo(GrantDenial.CHANNEL);
        assertThat(grant.denial(Action.PUBLISH, "room-1")).isEqualTo(GrantDenial.ACTION);
        assertThat(grant.expiresAt() - Instant.now().getEpochSecond()).isBetween(15 * 60 - 60L, 15 * 60L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--peer x --key sk_nobody | parley: no secret key sk_nobody is configured (see: parley keys list)",
                "--peer x --channel lobby | parley: --channel: the key does not cover lobby",
                "--peer x --permission send | parley: --permission: the key does not allow send",
                "--peer x --permission admin | parley: --permission: 'admin' must be subscribe, publish,"
                        + " presence or send",
                "--peer x --expires 25h | parley: --expires: '25h' must be 1s to 24h, such as 90s, 15m or 1h",
                "--peer x --expires soon | parley: --expires: 'soon' must be 1s to 24h, such as 90s, 15m or 1h",
                "--peer x --metadata [] | parley: --metadata must be a JSON object",
                "--peer x --metadata {},\"more\":{} | parley: --metadata must be a JSON object",
                "--peer x --metadata {},{} | parley: --metadata must be a JSON object",
                "--peer \u00e9 | parley: \"peerId\" must be 1 to 128 printable ASCII characters",
            })
    void whatCannotBeSignedIsRefusedInOneLineWithExitCode2(String arguments, String line) throws IOException {
        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString()).isEqualTo(line + "\n");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... arguments) throws IOException {
        Path file = Files.writeString(
                folder.resolve("parley.yaml"),
                "apps: [{id: a, secretKeys: [{id: sk_1, secret: " + SECRET
                        + ", channels: [\"room-*\"], actions: [subscribe, publish]}]}]");
        List<String> all = new ArrayList<>(List.of("token", "--config", file.toString()));
        all.addAll(List.of(arguments));
        CommandLine parser = CommandLineInterface.parser();
        parser.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return parser.execute(all.toArray(String[]::new));
    }

    private static Grant grant(String token) {
        KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system());
        SecretKey key = new SecretKey("sk_1", new Secret(SECRET), KeyRights.all());
        keys.reload(List.of(AppSettings.of("a", List.of(), List.of(key))));
        List<AuthenticationResult> verdicts = new ArrayList<>();
        ConnectingClient visitor =
                new ConnectingClient(new Credential.Token(token), List.of(), InetAddress.getLoopbackAddress());
        keys.authenticate(visitor, verdicts::add);
        return ((AuthenticationResult.Granted) verdicts.getFirst()).grant();
    }
}
