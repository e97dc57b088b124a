// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.AddressRange;
import dev.parley.config.AppLimits;
import dev.parley.config.HostPort;
import dev.parley.config.LogSettings;
import dev.parley.config.Secret;
import dev.parley.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that can be set, in the order of the documentation. */
final class Settable {

    /** Which limits count where none are written. */
    enum Profile {
        /** For trusted clients. */
        DEFAULT,
        /** For pages anyone can open. */
        STRICT
    }

    /** The list of tenants. */
    static final String APPS = "apps";

    static final String PUBLISHABLE_KEYS = "publishableKeys";
    static final String SECRET_KEYS = "secretKeys";
    static final String JWKS = "jwks";
    static final String CAPACITY = "capacity";

    /** The list of servers clients are told of. */
    static final String ICE_SERVERS = "iceServers";

    private static final List<Key<?>> TABLE = new ArrayList<>();
    private static final int MANY = 1_000_000;
    private static final String EVERYWHERE = "**";
    private static final String EVERYTHING = "subscribe,publish,presence,send";
    private static final String TURN_MEANS =
            "Whether its holders are told of servers that ask for credentials, with some.";
    private static final String WILDCARDS_MEAN =
            "Whether it allows subscriptions to patterns, by which one hears channels one cannot name.";

    static final Key<HostPort> LISTEN = key(
            "listen",
            Kinds.ADDRESS,
            Default.of("localhost:" + Settings.LISTEN_PORT),
            "Where clients connect; `0.0.0.0` and `[::]` are every address of the machine, port 0 is any free one.");
    static final Key<HostPort> ADMIN = key(
            "admin",
            Kinds.ADDRESS,
            Default.of("127.0.0.1:" + Settings.ADMIN_PORT),
            "Where operators look; it asks for no credentials, so keep it where only they can reach it.");

    static final Key<Named<List<X509Certificate>>> TLS_CERTIFICATE = key(
            "tls.certificate",
            Kinds.CERTIFICATES,
            Default.NONE,
            "The certificate clients are shown, its chain behind it (PEM); with it `listen` speaks TLS only.");
    static final Key<Named<PrivateKey>> TLS_KEY =
            key("tls.key", Kinds.PRIVATE_KEY, Default.NONE, "Its private key: RSA or EC, PKCS#8, not encrypted (PEM).");

    static final Key<String> APP_ID =
            key("apps[].id", Kinds.ID_OF_SOMETHING, Default.REQUIRED, "The app's name in logs and answers.");
    static final Key<Boolean> APP_ENABLED =
            key("apps[].enabled", Kinds.SWITCH, Default.of("true"), "Whether its keys are honoured.");

    static final Key<String> PUBLISHABLE_ID = key(
            "apps[].publishableKeys[].id",
            Kinds.ID_OF_SOMETHING,
            Default.REQUIRED,
            "What pages bring: it is the credential and no secret.");
    static final Key<List<String>> PUBLISHABLE_CHANNELS = key(
            "apps[].publishableKeys[].channels", channels(), Default.REQUIRED, "The channels it is for, as patterns.");
    static final Key<List<Action>> PUBLISHABLE_ACTIONS =
            key("apps[].publishableKeys[].actions", actions(), Default.REQUIRED, "What it may be used for.");
    static final Key<Boolean> PUBLISHABLE_WILDCARDS =
            key("apps[].publishableKeys[].wildcards", Kinds.SWITCH, Default.of("true"), WILDCARDS_MEAN);
    static final Key<List<String>> PUBLISHABLE_ORIGINS = key(
            "apps[].publishableKeys[].origins",
            origins(),
            Default.of(""),
            "The pages that may use it, as browsers write origins; empty or `*` for any.");
    static final Key<Boolean> PUBLISHABLE_TURN =
            key("apps[].publishableKeys[].turn", Kinds.SWITCH, Default.of("false"), TURN_MEANS);

    static final Key<String> SECRET_ID = key(
            "apps[].secretKeys[].id",
            Kinds.ID_OF_SOMETHING,
            Default.REQUIRED,
            "The key's public name, the `kid` of its tokens.");
    static final Key<Secret> SECRET = key(
            "apps[].secretKeys[].secret",
            Kinds.SECRET,
            Default.NONE,
            "What signs tokens and opens REST; this or `secretFile`.");
    static final Key<Secret> SECRET_FILE = key(
            "apps[].secretKeys[].secretFile",
            Kinds.SECRET_FILE,
            Default.NONE,
            "The file that holds the secret; one line end behind it does not count.");
    static final Key<List<String>> SECRET_CHANNELS = key(
            "apps[].secretKeys[].channels",
            channels(),
            Default.of(EVERYWHERE),
            "The channels its tokens may be for, as patterns.");
    static final Key<List<Action>> SECRET_ACTIONS = key(
            "apps[].secretKeys[].actions", actions(), Default.of(EVERYTHING), "The most its tokens may be used for.");
    static final Key<Boolean> SECRET_WILDCARDS =
            key("apps[].secretKeys[].wildcards", Kinds.SWITCH, Default.of("true"), WILDCARDS_MEAN);
    static final Key<Boolean> SECRET_TURN =
            key("apps[].secretKeys[].turn", Kinds.SWITCH, Default.of("false"), TURN_MEANS);

    static final Key<String> ISSUER =
            key("apps[].jwks[].issuer", Kinds.TEXT, Default.REQUIRED, "The `iss` of the identity provider's tokens.");
    static final Key<URI> ISSUER_URL =
            key("apps[].jwks[].url", Kinds.URL, Default.REQUIRED, "Where its public keys are (RFC 7517).");
    static final Key<String> ISSUER_AUDIENCE =
            key("apps[].jwks[].audience", Kinds.TEXT, Default.REQUIRED, "What must be in the `aud` of its tokens.");
    static final Key<List<String>> ISSUER_CHANNELS = key(
            "apps[].jwks[].channels",
            channels(),
            Default.of(EVERYWHERE),
            "The channels its tokens may be for, as patterns.");
    static final Key<List<Action>> ISSUER_ACTIONS =
            key("apps[].jwks[].actions", actions(), Default.of(EVERYTHING), "The most its tokens may be used for.");

    static final Key<Boolean> ISSUER_WILDCARDS =
            key("apps[].jwks[].wildcards", Kinds.SWITCH, Default.of("true"), WILDCARDS_MEAN);

    static final Key<Boolean> ISSUER_TURN = key("apps[].jwks[].turn", Kinds.SWITCH, Default.of("false"), TURN_MEANS);

    static final Key<Integer> APP_CONNECTIONS = key(
            "apps[].limits.connections",
            Kinds.count(0, 10 * MANY),
            Default.of("0"),
            "How many connections the app may have at once; 0 is any number.");
    static final Key<Integer> APP_PATTERNS = key(
            "apps[].limits.patterns",
            Kinds.count(1, MANY),
            Default.of(Integer.toString(AppLimits.PATTERNS)),
            "How many different patterns of channels its clients may subscribe to at once.");
    static final Key<String> CAPACITY_CHANNELS =
            key("apps[].capacity[].channels", Kinds.PATTERN, Default.REQUIRED, "The channels this is about.");
    static final Key<Integer> CAPACITY_PEERS = key(
            "apps[].capacity[].peers",
            Kinds.count(1, MANY),
            Default.REQUIRED,
            "How many peers fit into each of them; the first entry that matches counts.");
    static final Key<Long> APP_MESSAGES = key(
            "apps[].quotas.messagesPerPeriod",
            Kinds.number(0, 1_000_000_000_000L),
            Default.of("0"),
            "How many messages the app may send in a calendar month (UTC); 0 is any number.");

    static final Key<Boolean> MINIMAL_ENABLED = key(
            "minimal.enabled",
            Kinds.SWITCH,
            Default.of("false").development("true"),
            "Whether the minimal protocol is served; with a configuration it then needs `origins` or `key`.");
    static final Key<List<String>> MINIMAL_ORIGINS = key(
            "minimal.origins",
            origins(),
            Default.of(""),
            "The pages that may use it, as browsers write origins; empty or `*` for any.");
    static final Key<Optional<Secret>> MINIMAL_KEY =
            key("minimal.key", Kinds.PASSWORD, Default.NONE, "What `?key=` must say; empty for nothing.");
    static final Key<Optional<Secret>> MINIMAL_KEY_FILE =
            key("minimal.keyFile", Kinds.PASSWORD_FILE, Default.NONE, "The file that holds the key; this or `key`.");

    static final Key<String> PAGE_KEY = key(
            "page.key",
            Kinds.ID_OF_SOMETHING,
            Default.NONE.development(Settings.DEVELOPMENT_KEY),
            "The publishable key of the call page at `GET /`; without one there is no page. The key needs the channels"
                    + " `call-*` and all four actions.");
    static final Key<Boolean> WILDCARDS = key(
            "wildcardSubscriptions",
            Kinds.SWITCH,
            Default.of("true"),
            "Whether clients may subscribe to patterns of channels.");
    static final Key<Boolean> STRICT_HTTP_REJECT = key(
            "strictHttpReject",
            Kinds.SWITCH,
            Default.of("false"),
            "Whether foreign origins and unreadable tokens are answered by HTTP 401, not by close code 4001.");
    static final Key<List<AddressRange>> PROXIES = key(
            "proxies",
            new Listed<>(Kinds.RANGE, 0, 100, "10.0.0.0/8"),
            Default.of(""),
            "The proxies whose word on a client's address is taken.");
    static final Key<Boolean> PROXY_PROTOCOL = key(
            "proxyProtocol",
            Kinds.SWITCH,
            Default.of("false"),
            "Whether the proxies speak PROXY protocol version 2, which is then required of them, and not"
                    + " `X-Forwarded-For`; needs `proxies`.");

    static final Key<List<String>> ICE_URLS = key(
            "iceServers[].urls",
            new Listed<>(Kinds.ICE_URL, 1, 16, "turn:turn.example.com:3478?transport=udp"),
            Default.REQUIRED,
            "Where the STUN or TURN server is.");
    static final Key<Secret> ICE_SECRET = key(
            "iceServers[].secret",
            Kinds.SECRET,
            Default.NONE,
            "What the TURN server and Parley share, by which credentials are made that end by themselves.");
    static final Key<Secret> ICE_SECRET_FILE = key(
            "iceServers[].secretFile", Kinds.SECRET_FILE, Default.NONE, "The file that holds it; this or `secret`.");
    static final Key<Duration> ICE_TTL = key(
            "iceServers[].ttl",
            Kinds.duration("1m", "24h"),
            Default.of("1h"),
            "How long such credentials are good at least; with a token until the token ends, in the welcome of a"
                    + " publishable key for a day; never longer than 24h.");
    static final Key<String> ICE_USERNAME = key(
            "iceServers[].username",
            Kinds.ICE_TEXT,
            Default.NONE,
            "A user name that is the same for everyone, instead of `secret`.");
    static final Key<Optional<Secret>> ICE_CREDENTIAL =
            key("iceServers[].credential", Kinds.PASSWORD, Default.NONE, "Its password.");

    static final Key<Profile> PROFILE = key(
            "limits.profile",
            Kinds.choice(Profile.values()),
            Default.of("default"),
            "Which limits count where none are written; `strict` is for pages anyone can open.");
    static final Key<Integer> MESSAGE_BYTES = key(
            "limits.messageBytes",
            Kinds.size("1KiB", "1MiB"),
            Default.of("64KiB"),
            "Largest `data` of a v1 message, as the welcome says; a message may have 4,096 bytes more around it.");
    static final Key<Integer> MESSAGES_PER_SECOND = key(
            "limits.messagesPerSecond",
            Kinds.count(1, MANY),
            Default.of("200").strict("100"),
            "How many messages a peer may send over all its connections, sustained.");
    static final Key<Integer> BURST = key(
            "limits.burst",
            Kinds.count(1, MANY),
            Default.of("1000").strict("200"),
            "How many messages a peer may send at once.");
    static final Key<Integer> BYTES_PER_SECOND = key(
            "limits.bytesPerSecond",
            Kinds.size("1KiB", "1024MiB"),
            Default.of("8MiB").strict("1MiB"),
            "How many bytes of messages a peer may send over all its connections, sustained.");
    static final Key<Integer> BYTES_BURST = key(
            "limits.bytesBurst",
            Kinds.size("8KiB", "1024MiB"),
            Default.of("16MiB").strict("4MiB"),
            "How many bytes of messages a peer may send at once; not less than one message.");
    static final Key<Integer> MESSAGES_PER_SECOND_PER_IP = key(
            "limits.messagesPerSecondPerIp",
            Kinds.count(0, MANY),
            Default.of("10000").strict("2000"),
            "How many messages clients of one app at one address (IPv6: one /64) may send together, sustained; 0 is any"
                    + " number.");
    static final Key<Integer> BYTES_PER_SECOND_PER_IP = key(
            "limits.bytesPerSecondPerIp",
            Kinds.size("0", "1024MiB"),
            Default.of("64MiB").strict("16MiB"),
            "How many bytes of messages clients of one app at one address (IPv6: one /64) may send together, sustained; 0 is"
                    + " any number.");
    static final Key<Integer> CHANNELS = key(
            "limits.channelsPerConnection",
            Kinds.count(1, 10_000),
            Default.of("100"),
            "How many channels one connection may hold.");
    static final Key<Integer> CONNECTIONS_PER_PEER = key(
            "limits.connectionsPerPeer",
            Kinds.count(1, MANY),
            Default.of("100"),
            "How many connections may share one peer id; each gets what is sent to the peer.");
    static final Key<Integer> CONNECTS_PER_MINUTE = key(
            "limits.connectsPerMinutePerIp",
            Kinds.count(0, MANY),
            Default.of("0").strict("60"),
            "How many WebSockets one address (IPv6: one /64) may ask for in a minute; 0 is any number.");
    static final Key<Integer> CONNECTIONS_PER_IP = key(
            "limits.connectionsPerIp",
            Kinds.count(0, MANY),
            Default.of("0").strict("1000"),
            "How many WebSockets one address (IPv6: one /64) may have open; 0 is any number.");
    static final Key<Integer> FAILURES_PER_MINUTE = key(
            "limits.failuresPerMinutePerIp",
            Kinds.count(0, MANY),
            Default.of("60"),
            "How many bad credentials one address (IPv6: one /64) may bring in a minute; 0 is any number.");

    static final Key<Integer> ICE_SERVERS_PER_MINUTE = key(
            "limits.iceServersPerMinutePerIp",
            Kinds.count(0, MANY),
            Default.of("60"),
            "How many lists of ICE servers clients of one address (IPv6: one /64) may ask for in a minute by HTTP; 0 is any"
                    + " number.");

    static final Key<Integer> REST_PER_SECOND = key(
            "limits.restPerSecond",
            Kinds.count(0, MANY),
            Default.of("200"),
            "How many REST requests each secret key may make in a second, sustained; 0 is any number.");
    static final Key<Integer> REST_BURST = key(
            "limits.restBurst",
            Kinds.count(1, MANY),
            Default.of("1000"),
            "How many REST requests each secret key may make at once.");

    static final Key<Duration> PING =
            key("keepalive.ping", Kinds.duration("100ms", "1h"), Default.of("25s"), "The time between pings.");
    static final Key<Duration> PING_TIMEOUT = key(
            "keepalive.timeout",
            Kinds.duration("100ms", "1h"),
            Default.of("10s"),
            "How long the answer to a ping may take.");
    static final Key<Duration> PRESENCE_DELAY = key(
            "presence.delay",
            Kinds.duration("0ms", "500ms"),
            Default.of("15ms"),
            "The time from the acknowledgement of a subscription to the ping whose answer brings the roster;"
                    + " 0ms sends it at once.");
    static final Key<Duration> PRESENCE_COALESCE = key(
            "presence.coalesce",
            Kinds.duration("0ms", "1s"),
            Default.of("50ms"),
            "How long those who come to and go from a channel of more than 8, or a restless one, may wait to be told of"
                    + " together, 20 times as long where very many do; 0ms tells of each at once.");
    static final Key<Duration> DRAIN_SPREAD = key(
            "drain.spread",
            Kinds.duration("0s", "1h"),
            Default.of("10s"),
            "Over how long a stopping server closes its connections at most.");
    static final Key<Duration> DRAIN_TIMEOUT = key(
            "drain.timeout",
            Kinds.duration("0s", "1h"),
            Default.of("25s"),
            "When a stopping server stops waiting for clients to go; not less than `drain.spread`.");

    static final Key<Duration> CONTINUITY_WINDOW = key(
            "continuity.window",
            Kinds.duration("0s", "24h"),
            Default.of("120s"),
            "How long a client of `parley.v1` that lost its socket is waited for; 0s speaks plain v1 only.");
    static final Key<Integer> CONTINUITY_FRAMES = key(
            "continuity.frames",
            Kinds.count(1, MANY),
            Default.of("512"),
            "How many messages are kept for such a client while it is away; with more its session ends.");
    static final Key<Integer> CONTINUITY_BYTES = key(
            "continuity.bytes",
            Kinds.size("64KiB", "64MiB"),
            Default.of("1MiB"),
            "How much is kept for such a client, away or slow, until it acknowledges it; at least two messages of"
                    + " `limits.messageBytes`, for which the default is raised.");
    static final Key<Integer> CONTINUITY_TOTAL_BYTES = key(
            "continuity.totalBytes",
            Kinds.size("64KiB", "1024MiB"),
            Default.NONE,
            "How much memory all messages may take that wait for receivers or for their acknowledgement; at most half of the"
                    + " direct memory of the JVM, which is the default.");
    static final Key<Secret> CONTINUITY_SECRET = key(
            "continuity.secret",
            Kinds.SECRET,
            Default.NONE,
            "What seals resume tokens; with it a client gets its peer id back from a server that was started again. This or"
                    + " `secretFile`; with neither, the server generates a secret and keeps it in `stateFolder`.");
    static final Key<Secret> CONTINUITY_SECRET_FILE =
            key("continuity.secretFile", Kinds.SECRET_FILE, Default.NONE, "The file that holds it; this or `secret`.");

    static final Key<Path> STATE_FOLDER = key(
            "stateFolder",
            Kinds.FOLDER,
            Default.NONE,
            "Where the server keeps what outlives the process: the file `continuity.secret`. By default the folder of the"
                    + " configuration.");

    static final Key<LogSettings.Format> LOG_FORMAT = key(
            "log.format",
            Kinds.choice(LogSettings.Format.values()),
            Default.of("text"),
            "How a line of the log looks: for people, or one JSON object.");
    static final Key<LogSettings.Level> LOG_LEVEL = key(
            "log.level",
            Kinds.choice(LogSettings.Level.values()),
            Default.of("info"),
            "The least important lines that are written.");

    static final Key<Void> CLUSTER = later("cluster", "Several servers as one.");

    static final Shape.Section SHAPE = Shape.of(TABLE);

    private Settable() {}

    /** All of them. */
    static List<Key<?>> table() {
        return List.copyOf(TABLE);
    }

    private static <T> Key<T> key(String path, Kind<T> kind, Default standard, String description) {
        Key<T> key = new Key<>(path, kind, standard, description);
        TABLE.add(key);
        return key;
    }

    private static Key<Void> later(String path, String description) {
        return key(path, new NotAvailable(), Default.NONE, description);
    }

    private static Listed<String> channels() {
        return new Listed<>(Kinds.PATTERN, 1, 100, "room-*");
    }

    private static Listed<Action> actions() {
        return new Listed<>(Kinds.ACTION, 1, 4, "subscribe");
    }

    private static Listed<String> origins() {
        return new Listed<>(Kinds.ORIGIN_OF_PAGES, 0, 100, "https://app.example.com");
    }
}
