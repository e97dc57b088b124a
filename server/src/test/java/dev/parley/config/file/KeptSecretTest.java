// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptSecretTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void inAFolder() {
        file = folder.resolve("a.secret");
    }

    @Test
    void theFirstToOpenAFileGeneratesASecretThatOnlyItsOwnerMayReadAndThatOthersFind() throws Exception {
        KeptSecret first = KeptSecret.open(file);
        KeptSecret second = KeptSecret.open(file);

        assertThat(first.isNew()).isTrue();
        assertThat(first.secret().value()).matches("[0-9a-f]{64}");
        assertThat(second).isEqualTo(new KeptSecret(file, first.secret(), false));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(files()).containsExactly("a.secret");
    }

    @Test
    void twoFilesHoldDifferentSecrets() throws Exception {
        assertThat(KeptSecret.open(file).secret())
                .isNotEqualTo(KeptSecret.open(folder.resolve("another.secret")).secret());
    }

    @Test
    void thoseWhoOpenAFileAtTheSameTimeGetOneSecret() throws Exception {
        int count = 8;
        CyclicBarrier together = new CyclicBarrier(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            for (int round = 0; round < 100; round++) {
                Path next = folder.resolve(round + ".secret");
                List<Future<KeptSecret>> all = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    all.add(threads.submit(() -> {
                        together.await();
                        return KeptSecret.open(next);
                    }));
                }
                List<KeptSecret> kept = new ArrayList<>();
                for (Future<KeptSecret> one : all) {
                    kept.add(one.get());
                }
                assertThat(kept.stream().map(KeptSecret::secret).distinct()).hasSize(1);
                assertThat(kept.stream().filter(KeptSecret::isNew)).hasSize(1);
            }
        }
        assertThat(files()).hasSize(100);
    }

    @Test
    void aFileThatWasThereIsReadAndLeftAsItIs() throws Exception {
        Files.writeString(file, "one-of-a-person-0123456789abcdef");

        assertThat(KeptSecret.open(file))
                .isEqualTo(new KeptSecret(file, new Secret("one-of-a-person-0123456789abcdef"), false));
        assertThat(Files.readString(file)).isEqualTo("one-of-a-person-0123456789abcdef");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "too-short",
                "0123456789abcdef 0123456789abcdef",
                "canary-0123456789abcdef0123456\n\n\n"
            })
    void aDamagedFileIsRefusedWithItsNameAndTheRemedyAndIsNotShown(String content) throws IOException {
        Files.writeString(file, content);

        assertThatThrownBy(() -> KeptSecret.open(file))
                .isInstanceOf(SettingException.class)
                .hasMessage(
                        file + ": the file must hold a secret of 32 or more printable ASCII characters, none of them"
                                + " blank; restore the file, or delete it: then the server generates another"
                                + " secret, and clients"
                                + " get new peer ids once");
        assertThat(Files.readString(file)).isEqualTo(content);
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() {
        assertThatThrownBy(() -> KeptSecret.open(folder.resolve("nowhere").resolve("a.secret")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aLinkThatLeadsNowhereIsRefused() throws IOException {
        Files.createSymbolicLink(file, folder.resolve("nowhere"));

        assertThatThrownBy(() -> KeptSecret.open(file))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(file + ": there is no such file");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }
}
