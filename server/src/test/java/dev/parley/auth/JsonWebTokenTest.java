// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.json.JsonFault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class JsonWebTokenTest {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** A token of that kind was held in memory uncounted while the keys of its issuer were fetched. */
    @Test
    void aSignatureLongerThanAnyAlgorithmHasIsRefused() {
        assertThatThrownBy(() -> JsonWebToken.parse(token(2049)))
                .isInstanceOf(JsonFault.class)
                .hasMessageContaining("2048");
    }

    @Test
    void itsSizeCountsEverythingThatIsKept() throws JsonFault {
        String text = token(2048);
        assertThat(JsonWebToken.parse(text).size()).isGreaterThan(2 * text.length());
    }

    private static String token(int signatureBytes) {
        return part("{\"alg\":\"RS256\",\"kid\":\"k\"}") + "." + part("{\"sub\":\"p\"}") + "."
                + BASE64.encodeToString(new byte[signatureBytes]);
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
