// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of the system that a test needs. */
final class Program {

    private static final Path INSTALL = Path.of("src", "test", "scripts", "install-package");

    private Program() {}

    /**
     * Where it is, after installing it if it was missing.
     *
     * @param debianPackage what it comes with
     * @param skip the property that leaves the tests out that need it
     */
    static Path find(String name, String debianPackage, String skip) {
        return installed(name).orElseGet(() -> {
            String output = install(debianPackage);
            return installed(name)
                    .orElseThrow(() -> new AssertionError(name + " is missing: install the package " + debianPackage
                            + " (-D" + skip + " leaves the tests out that need it)\n" + output));
        });
    }

    private static Optional<Path> installed(String name) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String install(String debianPackage) {
        try {
            Process process = new ProcessBuilder(INSTALL.toString(), debianPackage)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
