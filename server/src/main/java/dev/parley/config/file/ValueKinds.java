// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.AddressRange;
import dev.parley.config.HostPort;
import dev.parley.config.QuotedValue;
import dev.parley.config.Secret;
import dev.parley.config.SettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of values there are. */
final class ValueKinds {

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,9})(KiB|MiB)?");
    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h)");
    private static final Pattern STRONG = Pattern.compile("[!-~]{32,}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern ORIGIN = Pattern.compile(
            "\\*|([a-z][a-z0-9+.-]*)://(?:[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+])(?::([1-9][0-9]{0,4}))?");
    private static final Pattern ICE =
            Pattern.compile("(?:stuns?|turns?):([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])"
                    + "(?::([1-9][0-9]{0,4}))?([?]transport=(?:udp|tcp))?");
    private static final String REDIS_HOST =
            "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(?::[1-9][0-9]{0,4})?";
    private static final Pattern REDIS_ADDRESS = Pattern.compile("rediss?://" + REDIS_HOST + "(?:/[0-9]{0,3})?"
            + "|redis-sentinel://" + REDIS_HOST + "(?:," + REDIS_HOST + ")*/?[0-9]{0,3}#[A-Za-z0-9._-]{1,128}");
    private static final Set<String> DEFAULT_PORTS = Set.of("http:80", "https:443", "ws:80", "wss:443");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MAX_PORT = 65_535;

    static final ScalarKind<HostPort> ADDRESS = scalar(
            "address", "port 0 to 65535", "an address such as localhost:8080", (text, folder) -> HostPort.parse(text));

    static final ScalarKind<Boolean> SWITCH =
            new ScalarKind<>("switch", "true or false", "true or false", true, false, (text, folder) -> switchOf(text));

    static final ScalarKind<String> ID_OF_SOMETHING =
            scalar("id", "1 to 128 of A-Z a-z 0-9 _ -", "an id of 1 to 128 of A-Z a-z 0-9 _ -", (text, folder) -> {
                if (!ID.matcher(text).matches()) {
                    throw new SettingException(
                            "must be an id of 1 to 128 of A-Z a-z 0-9 _ -"); // may be a secret: not shown
                }
                return text;
            });

    static final ScalarKind<String> TEXT = scalar("text", "1 to 256 characters", (text, folder) -> {
        if (!isText(text)) {
            throw new SettingException("must be a text of 1 to 256 characters without control characters");
        }
        return text;
    });

    static final ScalarKind<String> PATTERN =
            scalar("pattern", "1 to 256 characters", "a pattern of channels such as \"room-*\"", (text, folder) -> {
                if (!isText(text)) {
                    throw new SettingException(
                            "must be a pattern of channels: 1 to 256 characters without control characters");
                }
                return text;
            });

    static final ScalarKind<String> ORIGIN_OF_PAGES = scalar(
            "origin", "scheme://host[:port] or *", "an origin such as https://app.example.com", (text, folder) -> {
                if (!isOrigin(text)) {
                    throw new SettingException(QuotedValue.of(text) + " is not an origin: write it as browsers do,"
                            + " https://app.example.com or http://localhost:3000"
                            + " (lower case, no default port, no path), or * for any");
                }
                return text;
            });

    static final ScalarKind<Action> ACTION = choice("action", Action.values(), Action::word);

    static final ScalarKind<AddressRange> RANGE = scalar(
            "range",
            "ADDRESS or ADDRESS/BITS",
            "a range of addresses such as 10.0.0.0/8",
            (text, folder) -> AddressRange.parse(text));

    static final ScalarKind<URI> URL =
            scalar("URL", "https, or http on this machine", "an https URL", (text, folder) -> url(text));

    /** An address of Redis, as Lettuce reads it, without user and password. */
    static final ScalarKind<String> REDIS = scalar(
            "Redis address",
            "redis://, rediss:// or redis-sentinel://",
            "an address such as redis://redis.example.com:6379",
            (text, folder) -> {
                if (text.contains("@")) {
                    throw new SettingException("must be an address without user and password: they belong into"
                            + " cluster.user and cluster.password");
                }
                if (!REDIS_ADDRESS.matcher(text).matches()) {
                    throw new SettingException("must be redis://HOST[:PORT][/DATABASE], rediss:// the same for TLS, or"
                            + " redis-sentinel://HOST[:PORT][,HOST[:PORT]...]/[DATABASE]#MASTER");
                }
                return text;
            });

    /** RFC 7064 and RFC 7065, as browsers take them: one they refuse would make them refuse all. */
    static final ScalarKind<String> ICE_URL = scalar(
            "ICE URL",
            "stun:, stuns:, turn: or turns:",
            "a URL such as stun:stun.example.com:3478 or turn:turn.example.com:3478?transport=udp",
            (text, folder) -> {
                if (!isIceUrl(text)) {
                    throw new SettingException("must be stun:HOST[:PORT], stuns:HOST[:PORT],"
                            + " turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT][?transport=udp|tcp]");
                }
                return text;
            });

    /** A secret that signs. */
    static final ScalarKind<Secret> SECRET = secret(
            "32 or more printable ASCII characters",
            "a secret of 32 or more printable ASCII characters",
            ValueKinds::strong);

    static final ScalarKind<Secret> SECRET_FILE =
            fileOf("a file with a secret of 32 or more printable ASCII characters", ValueKinds::strong);

    /** What people may have to type; empty for none. */
    static final ScalarKind<Optional<Secret>> PASSWORD =
            secret("at most 256 characters", "a text of at most 256 characters", ValueKinds::weak);

    static final ScalarKind<Optional<Secret>> PASSWORD_FILE =
            fileOf("a file with a text of at most 256 characters", ValueKinds::weak);

    static final ScalarKind<Path> FOLDER =
            scalar("folder", "relative to the configuration", "the name of a folder", ValueKinds::folder);

    /** The server's own certificate first. */
    static final ScalarKind<NamedContent<List<X509Certificate>>> CERTIFICATES =
            named("a PEM file with a certificate and those that vouch for it", PemText::certificates);

    static final ScalarKind<NamedContent<List<X509Certificate>>> AUTHORITIES =
            named("a PEM file with the certificates of authorities", PemText::certificates);

    static final ScalarKind<NamedContent<PrivateKey>> PRIVATE_KEY =
            named("a PEM file with an RSA or EC key in PKCS#8, not encrypted", PemText::key);

    private ValueKinds() {}

    static ScalarKind<Integer> count(int least, int most) {
        ScalarKind<Long> number = number(least, most);
        return new ScalarKind<>(
                number.name(),
                number.range(),
                number.allowed(),
                true,
                false,
                (text, folder) -> Math.toIntExact(number.parser().parse(text, folder)));
    }

    static ScalarKind<Long> number(long least, long most) {
        String range = least + " to " + most;
        String allowed = "a whole number from " + range;
        return new ScalarKind<>("number", range, allowed, true, false, (text, folder) -> {
            if (!NUMBER.matcher(text).matches() || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw isNot(text, allowed);
            }
            return Long.parseLong(text);
        });
    }

    static ScalarKind<Integer> size(String least, String most) {
        String range = least + " to " + most;
        String allowed = "a size from " + range + " such as 65536, 64KiB or 1MiB";
        long atLeast = bytes(least);
        long atMost = bytes(most);
        return scalar("size", range, allowed, (text, folder) -> {
            long bytes = bytes(text);
            if (bytes < atLeast || bytes > atMost) {
                throw isNot(text, allowed);
            }
            return Math.toIntExact(bytes);
        });
    }

    static ScalarKind<Duration> duration(String least, String most) {
        String range = least + " to " + most;
        String allowed = "a duration from " + range + " such as 15ms, 25s, 2m or 1h";
        long atLeast = millis(least);
        long atMost = millis(most);
        return scalar("duration", range, allowed, (text, folder) -> {
            long millis = millis(text);
            if (millis < atLeast || millis > atMost) {
                throw isNot(text, allowed);
            }
            return Duration.ofMillis(millis);
        });
    }

    /** Returns a kind whose values are these words. */
    static <E> ScalarKind<E> choice(String name, E[] values, java.util.function.Function<E, String> word) {
        String words = Stream.of(values).map(word).collect(Collectors.joining(", "));
        return scalar(
                name,
                words,
                "one of " + words,
                (text, folder) -> Stream.of(values)
                        .filter(value -> word.apply(value).equals(text))
                        .findFirst()
                        .orElseThrow(() -> isNot(text, "one of " + words)));
    }

    /** One of the words of an enumeration, in lower case. */
    static <E extends Enum<E>> ScalarKind<E> choice(E[] values) {
        return choice("word", values, value -> value.name().toLowerCase(Locale.ROOT));
    }

    private static <T> ScalarKind<T> scalar(String name, String range, ScalarKind.Parser<T> parser) {
        return scalar(name, range, "a text of " + range, parser);
    }

    private static <T> ScalarKind<T> scalar(String name, String range, String allowed, ScalarKind.Parser<T> parser) {
        return new ScalarKind<>(name, range, allowed, false, false, parser);
    }

    private static <T> ScalarKind<T> secret(String range, String allowed, Checked<T> checked) {
        return new ScalarKind<>("secret", range, allowed, false, true, (text, folder) -> checked.of(text, "must be "));
    }

    private static <T> ScalarKind<T> fileOf(String allowed, Checked<T> checked) {
        return file(allowed, (text, folder) -> checked.of(folder.line(text), "the file must hold "));
    }

    private static <T> ScalarKind<NamedContent<T>> named(String allowed, Content<T> content) {
        return file(allowed, (text, folder) -> new NamedContent<>(text, content.of(folder.text(text))));
    }

    private static <T> ScalarKind<T> file(String allowed, ScalarKind.Parser<T> parser) {
        return new ScalarKind<>("file", "relative to the configuration", allowed, false, false, parser);
    }

    /** Finds the meaning of what is in a file. */
    private interface Content<T> {
        T of(String text) throws SettingException;
    }

    /** Makes a secret of a text if it can be one. */
    private interface Checked<T> {
        T of(String text, String start) throws SettingException;
    }

    private static Secret strong(String text, String start) throws SettingException {
        if (!STRONG.matcher(text).matches()) { // an HTTP header has to carry it
            throw new SettingException(start + "a secret of 32 or more printable ASCII characters, none of them blank");
        }
        return new Secret(text);
    }

    private static Optional<Secret> weak(String text, String start) throws SettingException {
        if (text.length() > 256 || hasControlCharacters(text)) {
            throw new SettingException(
                    start + "a text of at most 256 characters without line ends or control characters");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(new Secret(text));
    }

    private static boolean switchOf(String text) throws SettingException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw isNot(text, "true or false");
        };
    }

    private static Path folder(String text, BaseFolder start) throws SettingException {
        try {
            return start.path().resolve(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new SettingException("must be the name of a folder");
        }
    }

    private static boolean isIceUrl(String text) {
        Matcher matcher = ICE.matcher(text);
        if (!matcher.matches() || text.length() > 512) {
            return false;
        }
        String port = matcher.group(2);
        boolean isTransportAllowed = text.startsWith("turn") || matcher.group(3) == null;
        return isTransportAllowed && (port == null || Integer.parseInt(port) <= MAX_PORT);
    }

    private static boolean isText(String text) {
        return !text.isEmpty() && text.length() <= 256 && !hasControlCharacters(text);
    }

    private static boolean hasControlCharacters(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static boolean isOrigin(String text) {
        Matcher origin = ORIGIN.matcher(text);
        if (!origin.matches() || text.length() > 256) {
            return false;
        }
        String port = origin.group(3);
        return port == null
                || (Integer.parseInt(port) <= MAX_PORT && !DEFAULT_PORTS.contains(origin.group(1) + ":" + port));
    }

    /** A URL may hold a password, so errors do not show it. */
    private static URI url(String text) throws SettingException {
        try {
            URI url = new URI(text);
            String host = url.getHost();
            if (url.getRawUserInfo() != null) {
                throw new SettingException("must be a URL without user and password");
            }
            if (host == null || url.getRawFragment() != null) {
                throw new SettingException("must be a URL such as https://id.example.com/jwks.json");
            }
            boolean isHttpHere = "http".equals(url.getScheme()) && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
            if (!"https".equals(url.getScheme()) && !isHttpHere) {
                throw new SettingException(
                        "must be an https URL; http is allowed for localhost, 127.0.0.1 and [::1] only");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new SettingException("must be a URL such as https://id.example.com/jwks.json");
        }
    }

    /** Returns the size in bytes; negative if the text is not a size. */
    private static long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return -1;
        }
        long unit = "MiB".equals(size.group(2)) ? 1 << 20 : "KiB".equals(size.group(2)) ? 1 << 10 : 1;
        return Long.parseLong(size.group(1)) * unit;
    }

    /** Returns the milliseconds; negative if the text is not a duration. */
    private static long millis(String text) {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            return -1;
        }
        long unit = switch (duration.group(2)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        return Long.parseLong(duration.group(1)) * unit;
    }

    private static SettingException isNot(String text, String allowed) {
        return new SettingException(QuotedValue.of(text) + " is not " + allowed);
    }
}
