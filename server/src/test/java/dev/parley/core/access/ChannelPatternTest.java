// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPatternTest {

    private static final String ALPHABET = "a/*\\";
    private static final List<String> SHORT_NAMES = shortNames();

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
        "a\\\\, a\\, true",
        "a\\\\, a\\\\, false",
        "\\\\\\*, \\*, true",
        "\\\\*, \\, true",
        "\\\\*, \\any, true",
        "\\\\*, any, false",
        "\\***, *a/b, true",
        "\\***, a/b, false",
        "***, a/b, true",
        "'', '', true",
        "'', a, false",
        "*, '', true",
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
    @CsvSource({
        "a\\*b, a*b, true",
        "a*b, a*b, false",
        "**, a*b, false",
        "**, ab, true",
        "*/\\*, a/*, true",
        "*, a\\b, true"
    })
    void namesAnAsteriskOnlyIfItIsEscaped(String pattern, String name, boolean isNamed) {
        assertThat(ChannelPattern.of(pattern).names(name)).isEqualTo(isNamed);
    }

    @Test
    void agreesWithTheDefinitionOnEveryShortName() {
        Random random = new Random(1);
        int matches = 0;
        for (int i = 0; i < 2_000; i++) {
            String text = text(random, 6);
            ChannelPattern pattern = ChannelPattern.of(text);
            for (String name : SHORT_NAMES) {
                boolean isMatch = isMatch(text, name, true);
                assertThat(pattern.matches(name)).as("%s and %s", text, name).isEqualTo(isMatch);
                assertThat(pattern.names(name)).as("%s named by %s", name, text).isEqualTo(isMatch(text, name, false));
                matches += isMatch ? 1 : 0;
            }
        }
        assertThat(matches).isGreaterThan(10_000);
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
        int covered = 0;
        for (int i = 0; i < 50_000; i++) {
            ChannelPattern wider = ChannelPattern.of(text(random, 5));
            ChannelPattern narrower = ChannelPattern.of(text(random, 5));
            if (wider.covers(narrower)) {
                covered++;
                for (String name : SHORT_NAMES) {
                    if (narrower.matches(name) && !wider.matches(name)) {
                        fail("%s matches %s, and %s does not", narrower, name, wider);
                    }
                }
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

    @Test
    void aComparedNameIsJudgedLikeAnyOther() {
        Random random = new Random(4);
        int matches = 0;
        for (int i = 0; i < 2_000; i++) {
            ChannelPattern pattern = ChannelPattern.of(text(random, 4));
            for (String name : SHORT_NAMES) {
                boolean isMatch = pattern.matches(name);
                assertThat(new ComparedName(name).compare(pattern))
                        .as("%s and %s", pattern, name)
                        .isEqualTo(isMatch);
                matches += isMatch ? 1 : 0;
            }
        }
        assertThat(matches).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "room-*, lobby, 1", // the prefix differs
        "room-*/x*y, lobby, 1",
        "room-*, room-1, 1", // only a wildcard follows the prefix
        "room-**, room-1/2, 1",
        "room-*, room-1/2, 1",
        "room-*1, room-11, 3", // the prefix, and each character behind it
        "*, 0123456789, 1",
        "*a*b*c, ab, 1" // too short
    })
    void aLiteralPrefixTakesOneStep(String pattern, String name, int steps) {
        ComparedName compared = new ComparedName(name);
        compared.compare(ChannelPattern.of(pattern));

        assertThat(compared.steps()).isEqualTo(steps);
    }

    @Test
    void eachCharacterTakesAStepForEach64PartsOfThePattern() {
        ComparedName compared = new ComparedName("a".repeat(256));
        compared.compare(ChannelPattern.of("*a".repeat(100)));

        assertThat(compared.steps()).isEqualTo(1 + 256 * 4);
    }

    /** The definition, as slow as it comes. */
    private static boolean isMatch(String pattern, String name, boolean isStarPlain) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        if (pattern.startsWith("*")) {
            String rest = pattern.substring(pattern.startsWith("**") ? 2 : 1);
            boolean takesNext = !name.isEmpty()
                    && (pattern.startsWith("**") || name.charAt(0) != '/')
                    && (isStarPlain || name.charAt(0) != '*');
            return isMatch(rest, name, isStarPlain) || (takesNext && isMatch(pattern, name.substring(1), isStarPlain));
        }
        int at = pattern.startsWith("\\*") || pattern.startsWith("\\\\") ? 1 : 0;
        return !name.isEmpty()
                && name.charAt(0) == pattern.charAt(at)
                && isMatch(pattern.substring(at + 1), name.substring(1), isStarPlain);
    }

    private static List<String> shortNames() {
        List<String> names = new ArrayList<>(List.of(""));
        for (int i = 0; names.get(i).length() < 4; i++) {
            for (int letter = 0; letter < ALPHABET.length(); letter++) {
                names.add(names.get(i) + ALPHABET.charAt(letter));
            }
        }
        return names;
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
