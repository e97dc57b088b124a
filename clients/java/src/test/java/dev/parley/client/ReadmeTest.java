// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.example.EchoBot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void theBotItShowsIsTheOneThatIsCompiled() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/parley/client/example/EchoBot.java"));
        String shown = source.substring(source.indexOf("public final class")).strip();
        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + shown + "\n```");
    }

    @Test
    void theBotEchoesAMessageToItsSender() {
        Stage stage = Stage.welcomed();
        stage.listen(new EchoBot());
        stage.socket().say("{'type':'message','seq':1,'channel':'lobby','from':'bob','data':[1]}");
        assertThat(stage.socket().sent()).containsExactly(Stage.sentTo(1, 1, "[1]"));
    }
}
