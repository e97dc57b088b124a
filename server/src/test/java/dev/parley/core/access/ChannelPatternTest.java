// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPatternTest {

    private static final String ALPHABET = "ab/*\\";

    @ParameterizedTest
    @CsvSource({
        "app_abc/*, app_abc/room-1, true",
        "app_abc/*, app_abc/sub/deep, false",
        "app_abc/*, app_abc/, true",
        "app_abc/*, app_abc, false",
        "app_abc/**, app_abc/room-1, true",
        "app_abc/**, app_abc/sub/deep, true",
        "**, any/thing, true",
        "app_abc/room-*, app_abc/room-1, true",
        "app_abc/room-*, app_abc/other, false",
        "a\\*b, a*b, true",
        "a\\*b, axb, false",
        "a\\\\b, a\\b, true",
        "a\\x, a\\x, true",
        "a\\, a\\, true",
        "***, a/b, true",
        "*, a, true",
        "*, a/b, false",
        "a, A, false",
        "*/temp, 7/temp, true",
        "*/temp, /temp, true",
        "**/x, a/b/x, true",
        "a*b*c, a1b2c3c, true",
        "a*b*c, a1b2d, false",
    })
    void matchesTheWholeName(String pattern, String name, boolean isMatch) {
        assertThat(ChannelPattern.of(pattern).matches(name)).isEqualTo(isMatch);
    }

    @ParameterizedTest
    @CsvSource({
        "**, fleet/*, true",
        "fleet/**, fleet/*/temp, true",
        "fleet/**, fleet/**, true",
        "fleet/*, fleet/*, true",
        "fleet/*, fleet/**, false",
        "fleet/7/*, fleet/*/temp, false",
        "fleet/7/*, fleet/7/t*, true",
        "a\\*b, a*b, false",
        "a\\*b, a\\*b, true",
        "room-*, room-1, true",
        "room-1, room-*, false",
        "*, a/*, false",
    })
    void coversAnotherIfAllThatMatchesThatMatchesIt(String wider, String narrower, boolean isCovered) {
        assertThat(ChannelPattern.of(wider).covers(ChannelPattern.of(narrower))).isEqualTo(isCovered);
    }

    @ParameterizedTest
    @CsvSource({"a\\*b, a*b, true", "a*b, a*b, false", "**, a*b, false", "**, ab, true", "*/\\*, a/*, true"})
    void namesAnAsteriskOnlyIfItIsEscaped(String pattern, String name, boolean isNamed) {
        assertThat(ChannelPattern.of(pattern).names(name)).isEqualTo(isNamed);
    }

    @Test
    void agreesWithTheDefinitionOnRandomPatternsAndNames() {
        Random random = new Random(1);
        int matches = 0;
        for (int i = 0; i < 200_000; i++) {
            String pattern = text(random, 6);
            String name = text(random, 6);
            boolean isMatch = matches(pattern, name);
            assertThat(ChannelPattern.of(pattern).matches(name))
                    .as("%s and %s", pattern, name)
                    .isEqualTo(isMatch);
            matches += isMatch ? 1 : 0;
        }
        assertThat(matches).isGreaterThan(1000);
    }

    /** Names are made to match, then changed in one place, so that both answers come at every length. */
    @Test
    void agreesWithTheDefinitionOnLongOnesToo() {
        Random random = new Random(3);
        int matches = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder pattern = new StringBuilder();
            StringBuilder name = new StringBuilder();
            int length = random.nextInt(1, 250);
            while (pattern.length() < length && name.length() < 250) {
                String part = List.of("a", "b", "/", "ab", "*", "**", "\\*").get(random.nextInt(7));
                pattern.append(part);
                name.append(
                        part.equals("**")
                                ? "a/b"
                                : part.equals("*")
                                        ? "ab".substring(random.nextInt(3))
                                        : part.substring(part.length() - 1 - (part.equals("ab") ? 1 : 0)));
            }
            if (random.nextBoolean() && !name.isEmpty()) {
                name.setCharAt(random.nextInt(name.length()), "ab/".charAt(random.nextInt(3)));
            }
            boolean isMatch = matchesStepByStep(pattern.toString(), name.toString());
            assertThat(ChannelPattern.of(pattern.toString()).matches(name.toString()))
                    .as("%s and %s", pattern, name)
                    .isEqualTo(isMatch);
            matches += isMatch ? 1 : 0;
        }
        assertThat(matches).isBetween(1000, 4800);
    }

    @Test
    void neverCoversAPatternThatMatchesMore() {
        Random random = new Random(2);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            names.add(text(random, 5));
        }
        int covered = 0;
        for (int i = 0; i < 50_000; i++) {
            ChannelPattern wider = ChannelPattern.of(text(random, 5));
            ChannelPattern narrower = ChannelPattern.of(text(random, 5));
            if (wider.covers(narrower)) {
                covered++;
                assertThat(names).filteredOn(narrower::matches).allMatch(wider::matches);
            }
        }
        assertThat(covered).isGreaterThan(1000);
    }

    /** Following one way after the other would take longer than the universe is old. */
    @Test
    void aPatternMadeToBeSlowIsAnswered() {
        ChannelPattern pattern = ChannelPattern.of("*a".repeat(128));
        for (int i = 0; i < 100; i++) {
            assertThat(pattern.matches("a".repeat(255) + "b")).isFalse();
        }
        assertThat(pattern.matches("a".repeat(256))).isTrue();
    }

    /** The definition, as slow as it comes. */
    private static boolean matches(String pattern, String name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        if (pattern.startsWith("**")) {
            return matches(pattern.substring(2), name) || (!name.isEmpty() && matches(pattern, name.substring(1)));
        }
        if (pattern.startsWith("*")) {
            return matches(pattern.substring(1), name)
                    || (!name.isEmpty() && name.charAt(0) != '/' && matches(pattern, name.substring(1)));
        }
        boolean isEscape = pattern.startsWith("\\*") || pattern.startsWith("\\\\");
        char c = pattern.charAt(isEscape ? 1 : 0);
        return !name.isEmpty()
                && name.charAt(0) == c
                && matches(pattern.substring(isEscape ? 2 : 1), name.substring(1));
    }

    /** The definition again, for long ones: which beginnings of the name the beginnings of the pattern match. */
    private static boolean matchesStepByStep(String pattern, String name) {
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (int i = 0; i < pattern.length(); i++) {
            boolean isDouble = pattern.startsWith("**", i);
            boolean isStar = pattern.charAt(i) == '*';
            boolean isEscape = pattern.startsWith("\\*", i) || pattern.startsWith("\\\\", i);
            i += isDouble || isEscape ? 1 : 0;
            boolean[] next = new boolean[name.length() + 1];
            for (int end = 0; end <= name.length(); end++) {
                char last = end == 0 ? 0 : name.charAt(end - 1);
                next[end] = isStar
                        ? reached[end] || (end > 0 && next[end - 1] && (isDouble || last != '/'))
                        : end > 0 && reached[end - 1] && last == pattern.charAt(i);
            }
            reached = next;
        }
        return reached[name.length()];
    }

    private static String text(Random random, int maxLength) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(maxLength + 1);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
