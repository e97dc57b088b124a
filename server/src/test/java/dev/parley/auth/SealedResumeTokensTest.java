// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.Secret;
import dev.parley.core.port.ResumeTokens.Ticket;
import dev.parley.core.port.SessionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedResumeTokensTest {

    private static final Optional<Secret> SECRET = Optional.of(new Secret("0123456789abcdef0123456789abcdef"));

    private final SealedResumeTokens tokens = SealedResumeTokens.of(SECRET);
    private final Ticket ticket = new Ticket(new SessionId(tokens.epoch(), 7), 3, "p\u00e9er");

    @Test
    void whatIsSealedIsReadByItsHolderAlone() {
        String token = tokens.seal(ticket, "app key a");

        assertThat(tokens.open(token, "app key a")).isEqualTo(ticket);
        assertThat(tokens.open(token, "app key b")).isNull();
        assertThat(tokens.open(token, "app key ")).isNull();
    }

    @Test
    void aTokenFitsIntoASubprotocolWhateverThePeerIsCalled() {
        SessionId session = new SessionId(tokens.epoch(), Long.MAX_VALUE);
        String token = tokens.seal(new Ticket(session, Integer.MAX_VALUE, "x".repeat(128)), "a");

        assertThat(token).matches("[A-Za-z0-9_-]{1,512}");
    }

    @Test
    void anotherProcessWithTheSecretReadsItAndOneWithoutDoesNot() {
        String token = tokens.seal(ticket, "a");

        assertThat(SealedResumeTokens.of(SECRET).open(token, "a")).isEqualTo(ticket);
        assertThat(SealedResumeTokens.of(SECRET).epoch()).isNotEqualTo(tokens.epoch());
        assertThat(SealedResumeTokens.of(Optional.empty()).open(token, "a")).isNull();
    }

    @Test
    void noneOfItsCharactersCanBeChanged() {
        String token = tokens.seal(ticket, "a");
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            Ticket opened = tokens.open(forged, "a");
            assertThat(opened == null || (i == token.length() - 1 && opened.equals(ticket))) // unused bits of base64
                    .as(forged)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "!", "bm9uZQ", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatIsNoneIsNone(String token) {
        assertThat(tokens.open(token, "a")).isNull();
    }
}
