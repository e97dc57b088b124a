// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class Utf8ValidatorTest {

    @Test
    void agreesWithTheJdkOnSequencesOfThreeBytes() {
        byte[] bytes = new byte[3];
        for (int i = 0; i < 1 << 24; i += 31) { // spread over all lead bytes
            bytes[0] = (byte) (i >> 16);
            bytes[1] = (byte) (i >> 8);
            bytes[2] = (byte) i;
            if (isValid(bytes) != jdkAccepts(bytes)) {
                fail("differs on %06x", i);
            }
        }
    }

    @Test
    void agreesWithTheJdkOnBytesThatAreNearlyText() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = nearlyText(random);
            assertThat(isValid(bytes)).as("case %d", i).isEqualTo(jdkAccepts(bytes));
        }
    }

    @Test
    void givesTheSameAnswerHoweverTheTextIsSplit() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = nearlyText(random);
            int split = random.nextInt(bytes.length + 1);
            int state = Utf8Validator.validate(bytes, 0, split, Utf8Validator.BOUNDARY);
            if (state != Utf8Validator.INVALID) {
                state = Utf8Validator.validate(bytes, split, bytes.length, state);
            }
            assertThat(state == Utf8Validator.BOUNDARY).isEqualTo(jdkAccepts(bytes));
        }
    }

    private static byte[] nearlyText(Random random) {
        StringBuilder text = new StringBuilder("some ascii to begin with".substring(random.nextInt(24)));
        for (int i = random.nextInt(6); i > 0; i--) {
            int character = random.nextInt(Character.MAX_CODE_POINT + 1);
            if (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE) {
                text.appendCodePoint(character).append("ascii ascii ascii".substring(random.nextInt(17)));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean() && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static boolean isValid(byte[] bytes) {
        return Utf8Validator.validate(bytes, 0, bytes.length, Utf8Validator.BOUNDARY) == Utf8Validator.BOUNDARY;
    }

    private static boolean jdkAccepts(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
