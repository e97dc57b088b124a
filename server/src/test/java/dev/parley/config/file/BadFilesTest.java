// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.SettingException;
import dev.parley.wire.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class BadFilesTest {

    private static final TestCertificate OWN = TestCertificate.make("EC");
    private static final TestCertificate OTHER = TestCertificate.make("EC");
    private static final TestCertificate RSA = TestCertificate.make("RSA");

    @TempDir
    private Path folder;

    private Folders folders;

    @BeforeEach
    void inAFolder() {
        folders = new Folders(folder);
        folders.write("secret.txt", Folders.CANARY + "\n");
        folders.write("short.txt", "short\n");
        folders.write("two-lines.txt", Folders.CANARY + "\n" + Folders.CANARY + "\n");
        String body = "-----\n" + Folders.CANARY + "\n-----END ";
        folders.write("cert.pem", OWN.certificate());
        folders.write("key.pem", OWN.key());
        folders.write("other-key.pem", OTHER.key());
        folders.write("rsa-key.pem", RSA.key());
        folders.write("broken.pem", "-----BEGIN CERTIFICATE" + body + "CERTIFICATE-----\n");
        folders.write("broken-key.pem", "-----BEGIN PRIVATE KEY" + body + "PRIVATE KEY-----\n");
        folders.write("encrypted.pem", "-----BEGIN ENCRYPTED PRIVATE KEY" + body + "ENCRYPTED PRIVATE KEY-----\n");
        folders.write("old-form.pem", "-----BEGIN RSA PRIVATE KEY" + body + "RSA PRIVATE KEY-----\n");
    }

    @Test
    void everyFaultIsReportedAtOnceEachWithItsLine() {
        String refusal = folders.refusal("""
                listen: nowhere
                limts: {}
                apps:
                  - publishableKeys:
                      - id: pk_live_a
                        actions: [fly]
                """);

        assertThat(refusal.lines().map(line -> line.replaceFirst("^[^:]*:([0-9]+): ([^:]+):.*", "$1 $2")))
                .containsExactly(
                        "1 listen",
                        "2 limts",
                        "6 apps[0].publishableKeys[0].actions[0]",
                        "5 apps[0].publishableKeys[0].channels",
                        "4 apps[0].id");
    }

    @Test
    void whatContradictsEachOtherIsReportedAtOnceToo() {
        String refusal = folders.refusal("""
                apps:
                  - id: app
                    publishableKeys:
                      - {id: pk_live_a, channels: ["**"], actions: [send], turn: true}
                      - {id: pk_live_a, channels: ["**"], actions: [send]}
                """);
        assertThat(refusal.lines()).hasSize(2);
        refusal = folders.refusal("""
                apps: [{id: app, publishableKeys: [{id: pk_live_a, channels: ["**"], actions: [send]}]}]
                minimal: {enabled: true}
                drain: {spread: 20s, timeout: 1s}
                """);
        assertThat(refusal.lines()).hasSize(2);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badFiles")
    void aBadFileIsRefusedByALineForEachFaultThatSaysWhereAndWhatIsAllowed(String yaml, String line) {
        assertThat(folders.refusal(yaml)).isEqualTo(line);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badFiles")
    void noRefusalShowsASecret(String yaml, String line) {
        assertThat(folders.refusal(yaml)).doesNotContain("canary").hasLineCount((int)
                line.lines().count());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("secretsInTheWrongPlace")
    void aSecretInTheWrongPlaceIsNotShown(String yaml) {
        assertThat(folders.refusal(yaml)).startsWith("parley.yaml:").doesNotContain("canary");
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xFF, 0x00});
        assertThat(refusal(file)).endsWith("binary.yaml: the file is not UTF-8 text");
    }

    @Test
    void aControlCharacterIsRefusedInItsLine() {
        assertThat(folders.refusal("listen: localhost:8080\nadmin: \u0001"))
                .isEqualTo("parley.yaml:2: not YAML: a character that may not stand in a file of text");
    }

    @Test
    void aFileTooLargeIsRefused() {
        Path file = folders.write("large.yaml", "#".repeat((1 << 20) + 1));
        assertThat(refusal(file)).endsWith("large.yaml: the file is too large: at most 1MiB");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(refusal(folder.resolve("nowhere.yaml"))).endsWith("nowhere.yaml: there is no such file");
        assertThat(refusal(folder)).endsWith(": this is not a file that can be read");
    }

    @Test
    void aPipeIsNotReadAsItCouldNotBeReadAgain() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        assertThat(refusal(pipe)).endsWith("pipe: this is not a file that can be read");
    }

    private static String refusal(Path file) {
        try {
            Folders.read(Optional.of(file), Map.of(), Optional.empty());
            return "not refused";
        } catch (SettingException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Cases are separated by {@code ====}; the last line of each, behind the arrow, is the expected error. */
    static Stream<Arguments> badFiles() {
        try (InputStream in = Objects.requireNonNull(BadFilesTest.class.getResourceAsStream("bad-files.txt"))) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("\n====\n")).map(BadFilesTest::badFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Arguments badFile(String text) {
        int arrow = text.indexOf("\n=> ");
        String lines = text.substring(arrow + 4).strip().replace("\n=> ", "\n");
        return Arguments.of(text.substring(0, arrow), lines);
    }

    static Stream<String> secretsInTheWrongPlace() {
        String key = "apps:\n  - id: a\n    secretKeys:\n      - ";
        return Stream.of(
                        key + "{id: sk, secret:CANARY}",
                        key + "{id: sk, CANARY: secret}",
                        key + "{id: sk, CANARY}",
                        key + "{id: sk, secret: [CANARY]}",
                        key + "{id: sk, secret: {CANARY: CANARY}}",
                        key + "{id: sk, secret: &CANARY x}",
                        key + "{id: sk, secret: *CANARY}",
                        key + "{id: sk, secret: !CANARY x}",
                        key + "{id: sk, secret: \"CANARY\\q\"}",
                        key + "{id: sk, secret: \"CANARY}",
                        key + "{id: sk, secret: @CANARY}",
                        key + "{id: sk, secret: CANARY: x}",
                        key + "{id: sk, secret: \"CANARY\\n\"}",
                        key + "{id: sk, secretFile: CANARY}",
                        key + "{id: sk, secretFile: ./CANARY}",
                        key + "{id: CANARY/+, secret: sk}",
                        key + "{id: CANARY, secret: sk}",
                        key + "{id: sk, secret: CANARY, secret: CANARY}",
                        key + "{id: sk, secret: CANARY, CANARY: x, CANARY: y}",
                        key + "CANARY",
                        key + "[CANARY]",
                        key + "id: sk\n        secret: CANARY\n       bad: indentation",
                        key + "{id: CANARY, secret: CANARY}\n      - {id: CANARY, secret: CANARY}",
                        "apps:\n  - id: a\n    secretKeys: CANARY",
                        "minimal: {key: [CANARY]}\n" + Folders.APP,
                        "listen: CANARY\n" + Folders.APP,
                        "proxies: [CANARY]\n" + Folders.APP,
                        "limits: {burst: CANARY}\n" + Folders.APP,
                        "minimal: {origins: [CANARY]}\n" + Folders.APP,
                        "log: {level: CANARY}\n" + Folders.APP,
                        "minimal: {keyFile: CANARY}\n" + Folders.APP,
                        "CANARY: CANARY",
                        "%CANARY\n---\nlisten: localhost:8080",
                        "CANARY")
                .map(yaml -> yaml.replace("CANARY", Folders.CANARY));
    }
}
