// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server does what the wire vectors of {@code parley.v1} say. */
@Timeout(60)
@ExtendWith(ServerUnderTest.class)
@Tag("once") // it is about what the second run does without
class ContinuityTest {

    private static final Path VECTORS = Path.of("..", "..", "docs", "vectors", "continuity.json");

    @TestFactory
    List<DynamicTest> vectors(Server server) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        Json.parse(Files.readString(VECTORS))
                .forEach(vector -> tests.add(
                        DynamicTest.dynamicTest(vector.path("name").asString(), new Vector(server, vector)::play)));
        return tests;
    }
}
