// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import static dev.parley.client.Stage.PARLEY_V1;
import static dev.parley.client.Stage.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RefreshTest {

    private int tokens;

    @Test
    void aNewTokenOfTheSourceIsBroughtAndItsEndIsTold() {
        Stage stage = welcomed(this::nextToken);
        CompletableFuture<Instant> refreshed = stage.client().refresh();
        stage.settle();
        assertThat(stage.socket().sent())
                .containsExactly("{'seq':1,'type':'refresh','requestId':'1','token':'token-2'}");
        stage.socket().say("{'type':'ack','seq':1,'requestId':'1','expiresAt':1789996400}");
        stage.settle();
        assertThat(refreshed).isCompletedWithValue(Instant.ofEpochSecond(1_789_996_400));
    }

    @Test
    void aRefusedTokenFailsWithItsCode() {
        Stage stage = welcomed(this::nextToken);
        CompletableFuture<Instant> refreshed = stage.client().refresh();
        stage.settle();
        stage.socket().say("{'type':'error','seq':1,'requestId':'1','code':'invalid_token','message':'no'}");
        stage.settle();
        assertThat(code(refreshed)).isEqualTo("invalid_token");
    }

    @Test
    void aSourceThatThrowsOrGivesAKeyFailsTheRefreshAndNothingIsSent() {
        Stage stage = welcomed(() -> Credential.key("pk"));
        assertThat(code(refresh(stage))).isEqualTo("no_token");

        Stage failing = welcomed(() -> {
            if (tokens > 0) {
                throw new IllegalStateException("the back end is away");
            }
            return nextToken();
        });
        CompletableFuture<Instant> refreshed = refresh(failing);
        assertThat(code(refreshed)).isEqualTo("no_token");
        assertThatThrownBy(refreshed::join).hasMessageContaining("the back end is away");
        assertThat(failing.socket().sent()).isEmpty();
    }

    @Test
    void aRefreshThatIsLostWithItsSocketIsSentAgain() {
        Stage stage = welcomed(this::nextToken);
        refresh(stage);
        stage.loseSocket();
        stage.socket().open(PARLEY_V1, Stage.resumed(1, "later", 0));
        assertThat(stage.socket().sent()).contains("{'seq':1,'type':'refresh','requestId':'1','token':'token-2'}");
    }

    private Credential nextToken() {
        tokens++;
        return Credential.token("token-" + tokens);
    }

    private static Stage welcomed(Supplier<Credential> credentials) {
        Stage stage = new Stage(true, 1000, credentials);
        stage.socket().open(PARLEY_V1, fresh("new", 1));
        stage.settle();
        return stage;
    }

    private static CompletableFuture<Instant> refresh(Stage stage) {
        CompletableFuture<Instant> refreshed = stage.client().refresh();
        stage.settle();
        return refreshed;
    }

    private static String code(CompletableFuture<Instant> refreshed) {
        return refreshed
                .handle((end, failure) -> {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    return cause instanceof RequestFailedException refused ? refused.code() : String.valueOf(cause);
                })
                .getNow("pending");
    }
}
