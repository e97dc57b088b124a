// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.KeyRights;
import dev.parley.core.access.App;
import dev.parley.core.access.BackEnd;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.SharedReplies;
import dev.parley.core.relay.AppDirectory;
import dev.parley.simulation.Terms;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How long and how many answers are remembered; what that means on the wire is in wire.rest.IdempotencyTest. */
class RememberedRepliesTest {

    private Instant now = Instant.EPOCH;
    private final RememberedReplies replies = new RememberedReplies(() -> now, SharedReplies.NONE);
    private final List<HttpReply> answered = new ArrayList<>();
    private int done;

    @Test
    void anAnswerIsRememberedForTenMinutes() throws ApiRefusedException {
        ask("a", "k");
        now = now.plus(RememberedReplies.MEMORY);
        ask("a", "k");
        assertThat(done).isEqualTo(1);

        now = now.plus(Duration.ofMillis(1));
        ask("a", "k");
        assertThat(done).isEqualTo(2);
    }

    @Test
    void ofMoreThanTenThousandTheOldestIsForgotten() throws ApiRefusedException {
        for (int i = 0; i <= RememberedReplies.MAX_REPLIES; i++) {
            ask("a", "k" + i);
        }
        int before = done;

        ask("a", "k1");
        assertThat(done).isEqualTo(before);
        ask("a", "k0");
        assertThat(done).isEqualTo(before + 1);
    }

    @Test
    void manyAnswersOfOneAppPushOutNoneOfAnother() throws ApiRefusedException {
        ask("b", "k");
        for (int i = 0; i <= RememberedReplies.MAX_REPLIES; i++) {
            ask("a", "k" + i);
        }
        int before = done;

        ask("b", "k");
        assertThat(done).isEqualTo(before);
    }

    @Test
    void anEqualRequestWhileTheFirstIsBeingDoneGetsItsAnswer() throws ApiRefusedException {
        List<Consumer<HttpReply>> pending = new ArrayList<>();
        replies.once(call("a", "k"), answered::add, pending::add);
        replies.once(call("a", "k"), answered::add, pending::add);
        assertThat(pending).hasSize(1);
        assertThat(answered).isEmpty();

        pending.getFirst().accept(ok());
        assertThat(answered).hasSize(2).allMatch(reply -> reply.status() == 200);
        ask("a", "k");
        assertThat(done).isZero();
    }

    @Test
    void whatWasRefusedMayBeTriedAgain() throws ApiRefusedException {
        replies.once(call("a", "k"), answered::add, answer -> answer.accept(JsonReplies.PEER_NOT_FOUND));
        ask("a", "k");
        assertThat(done).isEqualTo(1);
        assertThat(answered).extracting(HttpReply::status).containsExactly(404, 200);
    }

    @Test
    void thoseThatWaitForOneThatFailsAreAnsweredToo() throws ApiRefusedException {
        List<Consumer<HttpReply>> pending = new ArrayList<>();
        RememberedReplies.Work failing = answer -> {
            replies.once(call("a", "k"), answered::add, pending::add);
            throw new ApiRefusedException(JsonReplies.RECEIVER_BUSY);
        };
        replies.once(call("a", "k"), answered::add, failing);
        assertThat(answered).extracting(HttpReply::status).containsExactly(503, 503);
        assertThat(pending).isEmpty();
    }

    @Test
    void aRequestThatAnotherServerHasTakenOnIsNotDone() throws ApiRefusedException {
        OtherServer other = new OtherServer();
        RememberedReplies shared = new RememberedReplies(() -> now, other);
        List<SharedReplies.Taken> taken = List.of(
                new SharedReplies.Taken.Busy(other.digest(shared)),
                new SharedReplies.Taken.Busy("another"),
                new SharedReplies.Taken.Done(other.digest(shared), ok()),
                new SharedReplies.Taken.Unknown());
        for (SharedReplies.Taken each : taken) {
            other.taken = each;
            shared.once(call("a", "k" + answered.size()), answered::add, answer -> done++);
        }

        assertThat(done).isZero();
        assertThat(answered).extracting(HttpReply::status).containsExactly(409, 422, 200, 503);
    }

    @Test
    void otherServersLearnWhatWasDoneAndWhatWasRefused() throws ApiRefusedException {
        OtherServer other = new OtherServer();
        RememberedReplies shared = new RememberedReplies(() -> now, other);
        shared.once(call("a", "done"), answered::add, answer -> answer.accept(ok()));
        shared.once(call("a", "refused"), answered::add, answer -> answer.accept(JsonReplies.PEER_NOT_FOUND));

        assertThat(other.told).containsExactly("keep a done 200", "release a refused");
    }

    /** Takes requests on as set, and records the calls. */
    private static final class OtherServer implements SharedReplies {

        private Taken taken = new Taken.Free();
        private String request = "";
        private final List<String> told = new ArrayList<>();

        /** The digest of the requests of this test, which are all alike. */
        String digest(RememberedReplies through) throws ApiRefusedException {
            taken = new Taken.Unknown();
            through.once(call("a", "digest"), reply -> {}, answer -> {});
            return request;
        }

        @Override
        public void take(String app, String key, String request, Consumer<Taken> answer) {
            this.request = request;
            answer.accept(taken);
        }

        @Override
        public void keep(String app, String key, HttpReply reply) {
            told.add("keep " + app + " " + key + " " + reply.status());
        }

        @Override
        public void release(String app, String key) {
            told.add("release " + app + " " + key);
        }
    }

    private void ask(String app, String key) throws ApiRefusedException {
        replies.once(call(app, key), answered::add, answer -> {
            done++;
            answer.accept(ok());
        });
    }

    private static HttpReply ok() {
        return JsonReplies.ok(JsonReplies.text().raw("{}").end());
    }

    private static ApiCall call(String app, String key) {
        ClientRequest request = new ClientRequest(
                "POST",
                "/v1/channels/c/publish",
                "",
                name -> name.equals("idempotency-key") ? List.of(key) : List.of(),
                InetAddress.getLoopbackAddress());
        BackEnd backEnd = new BackEnd(new App(app), new GrantAuthority("sk", GrantPowers.of(KeyRights.all())));
        return new ApiCall(
                backEnd, new AppDirectory(() -> 0, Duration.ZERO, Terms.unlimited()), request, "c", new byte[0]);
    }
}
