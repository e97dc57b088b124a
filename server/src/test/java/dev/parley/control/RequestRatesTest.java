// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.config.KeyRights;
import dev.parley.config.RequestLimits;
import dev.parley.core.access.GrantAuthority;
import dev.parley.core.access.GrantPowers;
import dev.parley.core.port.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a secret key may ask of REST in a time. */
class RequestRatesTest {

    private static final RequestLimits LIMITS = RequestLimits.defaults().withRate(2, 10);

    private final GrantAuthority key = key();
    private long now;
    private final RequestRates rates = new RequestRates(LIMITS, () -> now);

    @Test
    void aKeyMayMakeABurstAndThenSoManyASecond() throws ApiRefusedException {
        takeAll(key);

        HttpReply reply = refusal(key);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("\"rate_limited\"");
        assertThat(reply.headers()).containsEntry("Retry-After", "1");

        now += TimeUnit.SECONDS.toNanos(1);
        rates.take(key);
        rates.take(key);
        refusal(key);
    }

    @Test
    void noKeyUsesUpWhatAnotherMay() throws ApiRefusedException {
        takeAll(key);

        takeAll(key());
    }

    @Test
    void whatCostsMoreDelaysLaterRequestsByAFullBurstAtMost() throws ApiRefusedException {
        rates.take(key);
        rates.charge(key, 8);
        rates.take(key);
        rates.charge(key, 5);
        assertThat(refusal(key).headers()).containsEntry("Retry-After", "3"); // 5 owed and one to take, 2 a second

        rates.charge(key, Integer.MAX_VALUE);
        assertThat(refusal(key).headers()).containsEntry("Retry-After", "8"); // 10 more
    }

    @Test
    void aKeyThatWasWithdrawnIsForgotten() throws ApiRefusedException {
        for (int i = 0; i < 100; i++) {
            GrantAuthority old = key();
            rates.take(old);
            old.withdraw();
        }
        rates.take(key);

        assertThat(rates.size()).isEqualTo(1);
    }

    @Test
    void withoutALimitNothingIsCounted() {
        RequestRates unlimited = new RequestRates(RequestLimits.defaults().withRate(0, 1), () -> now);
        for (int i = 0; i < 100; i++) {
            assertThatCode(() -> unlimited.take(key)).doesNotThrowAnyException();
            unlimited.charge(key, 100);
        }
        assertThat(unlimited.size()).isZero();
    }

    private void takeAll(GrantAuthority taker) throws ApiRefusedException {
        for (int i = 0; i < LIMITS.burst(); i++) {
            rates.take(taker);
        }
    }

    private HttpReply refusal(GrantAuthority taker) {
        return catchThrowableOfType(ApiRefusedException.class, () -> rates.take(taker))
                .reply();
    }

    private static GrantAuthority key() {
        return new GrantAuthority("sk", GrantPowers.of(KeyRights.all()));
    }
}
