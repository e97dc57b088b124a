// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.KeyAuthenticator;
import dev.parley.config.AppLimits;
import dev.parley.config.AppSettings;
import dev.parley.config.KeyRights;
import dev.parley.config.PublishableKey;
import dev.parley.config.RequestLimits;
import dev.parley.config.Secret;
import dev.parley.config.SecretKey;
import dev.parley.core.port.ArrivalThrottle;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which requests count as failures; those that are admitted are in wire.rest.AuthenticationTest. */
class ApiAdmissionTest {

    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final String SECRET = "a secret that is long enough to sign with";

    private final List<InetAddress> failed = new ArrayList<>();
    private final KeyAuthenticator keys = new KeyAuthenticator(InstantSource.system());

    @Test
    void everyBadCredentialIsCountedOnceAndNoGoodOne() throws ApiRefusedException {
        keys.reload(List.of(AppSettings.of(
                "app", List.of(), List.of(new SecretKey("sk_id", new Secret(SECRET), KeyRights.all())))));
        ApiAdmission admission =
                new ApiAdmission(keys, new Counting(), new RequestRates(RequestLimits.defaults(), () -> 0));

        assertThat(admission.admit(showing("Bearer sk_id:" + SECRET)).app().id())
                .isEqualTo("app");
        assertThat(failed).isEmpty();
        for (List<String> bad : List.of(List.<String>of(), List.of("Bearer sk_id"), List.of("Bearer sk_id:x"))) {
            failed.clear();
            assertThat(catchRefused(admission, bad).body()).isSameAs(JsonReplies.UNAUTHORIZED.body());
            assertThat(failed).containsExactly(CLIENT);
        }
    }

    @Test
    void theLogHasTheReasonAndTheAnswerHasNot() {
        PublishableKey page = new PublishableKey("pk_page", KeyRights.all(), List.of());
        SecretKey key = new SecretKey("sk_id", new Secret(SECRET), KeyRights.all());
        SecretKey closed = new SecretKey("sk_closed", new Secret(SECRET), KeyRights.all());
        keys.reload(List.of(
                AppSettings.of("app", List.of(page), List.of(key)),
                new AppSettings("off", false, List.of(), List.of(closed), List.of(), AppLimits.defaults())));
        ApiAdmission admission =
                new ApiAdmission(keys, new Counting(), new RequestRates(RequestLimits.defaults(), () -> 0));
        Map<List<String>, String> reasons = Map.of(
                List.of(), "no credential",
                List.of("Bearer sk_id"), "no credential of the form \"Bearer <id>:<secret>\"",
                List.of("Bearer sk_nobody:" + SECRET), "an unknown secret key id",
                List.of("Bearer sk_id:x"), "a wrong secret of the key sk_id",
                List.of("Bearer sk_closed:x"), "a wrong secret of the key sk_closed, or its app is disabled",
                List.of("Bearer pk_page:pk_page"), "the publishable key pk_page, where a secret key is needed");
        reasons.forEach((shown, reason) -> {
            HttpReply reply = catchRefused(admission, shown);
            assertThat(reply.refusal()).isEqualTo(reason);
            assertThat(reply.body()).isSameAs(JsonReplies.UNAUTHORIZED.body());
            assertThat(reply.headers()).isSameAs(JsonReplies.UNAUTHORIZED.headers());
        });
    }

    private static HttpReply catchRefused(ApiAdmission admission, List<String> shown) {
        try {
            admission.admit(showing(shown.toArray(String[]::new)));
        } catch (ApiRefusedException refused) {
            return refused.reply();
        }
        throw new AssertionError("was let in: " + shown);
    }

    private static ClientRequest showing(String... authorization) {
        return new ClientRequest(
                "GET",
                "/v1/usage",
                "",
                name -> name.equals("authorization") ? List.of(authorization) : List.of(),
                CLIENT);
    }

    private final class Counting implements ArrivalThrottle {

        @Override
        public boolean tryConnect(InetAddress client) {
            return true;
        }

        @Override
        public boolean acceptsSecrets(InetAddress client) {
            return true;
        }

        @Override
        public boolean tryTakeIceServers(InetAddress client) {
            return true;
        }

        @Override
        public void recordFailure(InetAddress client) {
            failed.add(client);
        }
    }
}
