// SPDX-License-Identifier: Apache-2.0
package dev.parley.auth;

import dev.parley.config.Secret;
import dev.parley.core.port.ResumeTokens;
import dev.parley.core.port.SessionId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resume tokens that carry what they say, and half of an HMAC-SHA256 (RFC 2104 section 5) over that and whom they were
 * made for. Nothing that is kept of them on the server would let anyone make one.
 */
public final class SealedResumeTokens implements ResumeTokens {

    private static final int EPOCH_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final int SEAL_BYTES = 16;

    /** Separates these tokens from anything else that the secret may seal. */
    private static final byte[] PURPOSE = "parley.v1 resume ".getBytes(StandardCharsets.US_ASCII);

    private final Secret secret;
    private final String epoch;

    private SealedResumeTokens(Secret secret, String epoch) {
        this.secret = secret;
        this.epoch = epoch;
    }

    /** Makes tokens of a new epoch. Without a secret they are worth nothing once this process has ended. */
    public static SealedResumeTokens of(Optional<Secret> secret) {
        SecureRandom random = new SecureRandom();
        return new SealedResumeTokens(
                secret.orElseGet(() -> new Secret(hex(random, SECRET_BYTES))), hex(random, EPOCH_BYTES));
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public String seal(Ticket ticket, String holder) {
        byte[] peerId = ticket.peerId().getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(EPOCH_BYTES + Long.BYTES + Integer.BYTES + peerId.length)
                .put(HexFormat.of().parseHex(ticket.session().epoch()))
                .putLong(ticket.session().number())
                .putInt(ticket.turn())
                .put(peerId);
        byte[] seal = seal(body.array(), holder);
        byte[] token = ByteBuffer.allocate(SEAL_BYTES + body.capacity())
                .put(seal)
                .put(body.array())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    @Override
    public @Nullable Ticket open(String token, String holder) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            byte[] seal = take(bytes, SEAL_BYTES);
            byte[] body = take(bytes, bytes.remaining());
            return MessageDigest.isEqual(seal, seal(body, holder)) ? ticket(ByteBuffer.wrap(body)) : null;
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return null;
        }
    }

    private static Ticket ticket(ByteBuffer body) {
        return new Ticket(
                new SessionId(HexFormat.of().formatHex(take(body, EPOCH_BYTES)), body.getLong()),
                body.getInt(),
                new String(take(body, body.remaining()), StandardCharsets.UTF_8));
    }

    private byte[] seal(byte[] body, String holder) {
        byte[] whom = holder.getBytes(StandardCharsets.UTF_8);
        byte[] sealed = ByteBuffer.allocate(PURPOSE.length + Integer.BYTES + whom.length + body.length)
                .put(PURPOSE)
                .putInt(whom.length)
                .put(whom)
                .put(body)
                .array();
        return Arrays.copyOf(HmacSignature.sign(sealed, secret), SEAL_BYTES);
    }

    private static byte[] take(ByteBuffer bytes, int length) {
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private static String hex(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
