// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.Action;
import dev.parley.config.AddressRange;
import dev.parley.config.AppLimits;
import dev.parley.config.HostPort;
import dev.parley.config.LogSettings;
import dev.parley.config.Secret;
import dev.parley.config.ServerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that can be set, in the order of the documentation. */
final class SettingCatalog {

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

    /** The list of ICE servers for clients. */
    static final String ICE_SERVERS = "iceServers";

    private static final List<SettingKey<?>> TABLE = new ArrayList<>();
    private static final int MANY = 1_000_000;
    private static final String EVERYWHERE = "**";
    private static final String EVERYTHING = "subscribe,publish,presence,send";
    private static final String TURN_MEANS =
            "Whether its holders get the servers that ask for credentials, with credentials.";
    private static final String WILDCARDS_MEAN =
            "Whether it allows subscriptions to patterns, by which one hears channels one cannot name.";

    static final SettingKey<HostPort> LISTEN = key(
            "listen",
            ValueKinds.ADDRESS,
            DefaultValue.of("localhost:" + ServerSettings.LISTEN_PORT),
            "Where clients connect; `0.0.0.0` and `[::]` are every address of the machine, port 0 is any free one.");
    static final SettingKey<HostPort> ADMIN = key(
            "admin",
            ValueKinds.ADDRESS,
            DefaultValue.of("127.0.0.1:" + ServerSettings.ADMIN_PORT),
            "Where operators look; it asks for no credentials, so keep it where only they can reach it.");

    static final SettingKey<NamedContent<List<X509Certificate>>> TLS_CERTIFICATE = key(
            "tls.certificate",
            ValueKinds.CERTIFICATES,
            DefaultValue.NONE,
            "The certificate clients are shown, its chain behind it (PEM); with it `listen` speaks TLS only.");
    static final SettingKey<NamedContent<PrivateKey>> TLS_KEY = key(
            "tls.key",
            ValueKinds.PRIVATE_KEY,
            DefaultValue.NONE,
            "Its private key: RSA or EC, PKCS#8, not encrypted (PEM).");

    static final SettingKey<String> APP_ID =
            key("apps[].id", ValueKinds.ID_OF_SOMETHING, DefaultValue.REQUIRED, "The app's name in logs and answers.");
    static final SettingKey<Boolean> APP_ENABLED =
            key("apps[].enabled", ValueKinds.SWITCH, DefaultValue.of("true"), "Whether its keys are honoured.");

    static final SettingKey<String> PUBLISHABLE_ID = key(
            "apps[].publishableKeys[].id",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.REQUIRED,
            "What pages bring: it is the credential and no secret.");
    static final SettingKey<List<String>> PUBLISHABLE_CHANNELS = key(
            "apps[].publishableKeys[].channels",
            channels(),
            DefaultValue.REQUIRED,
            "The channels it is for, as patterns.");
    static final SettingKey<List<Action>> PUBLISHABLE_ACTIONS =
            key("apps[].publishableKeys[].actions", actions(), DefaultValue.REQUIRED, "What it may be used for.");
    static final SettingKey<Boolean> PUBLISHABLE_WILDCARDS =
            key("apps[].publishableKeys[].wildcards", ValueKinds.SWITCH, DefaultValue.of("true"), WILDCARDS_MEAN);
    static final SettingKey<List<String>> PUBLISHABLE_ORIGINS = key(
            "apps[].publishableKeys[].origins",
            origins(),
            DefaultValue.of(""),
            "The pages that may use it, as browsers write origins; empty or `*` for any.");
    static final SettingKey<Boolean> PUBLISHABLE_TURN =
            key("apps[].publishableKeys[].turn", ValueKinds.SWITCH, DefaultValue.of("false"), TURN_MEANS);

    static final SettingKey<String> SECRET_ID = key(
            "apps[].secretKeys[].id",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.REQUIRED,
            "The key's public name, the `kid` of its tokens.");
    static final SettingKey<Secret> SECRET = key(
            "apps[].secretKeys[].secret",
            ValueKinds.SECRET,
            DefaultValue.NONE,
            "What signs tokens and opens REST; this or `secretFile`.");
    static final SettingKey<Secret> SECRET_FILE = key(
            "apps[].secretKeys[].secretFile",
            ValueKinds.SECRET_FILE,
            DefaultValue.NONE,
            "The file that holds the secret; one line end behind it does not count.");
    static final SettingKey<List<String>> SECRET_CHANNELS = key(
            "apps[].secretKeys[].channels",
            channels(),
            DefaultValue.of(EVERYWHERE),
            "The channels its tokens may be for, as patterns.");
    static final SettingKey<List<Action>> SECRET_ACTIONS = key(
            "apps[].secretKeys[].actions",
            actions(),
            DefaultValue.of(EVERYTHING),
            "The most its tokens may be used for.");
    static final SettingKey<Boolean> SECRET_WILDCARDS =
            key("apps[].secretKeys[].wildcards", ValueKinds.SWITCH, DefaultValue.of("true"), WILDCARDS_MEAN);
    static final SettingKey<Boolean> SECRET_TURN =
            key("apps[].secretKeys[].turn", ValueKinds.SWITCH, DefaultValue.of("false"), TURN_MEANS);

    static final SettingKey<String> ISSUER = key(
            "apps[].jwks[].issuer",
            ValueKinds.TEXT,
            DefaultValue.REQUIRED,
            "The `iss` of the identity provider's tokens.");
    static final SettingKey<URI> ISSUER_URL =
            key("apps[].jwks[].url", ValueKinds.URL, DefaultValue.REQUIRED, "Where its public keys are (RFC 7517).");
    static final SettingKey<String> ISSUER_AUDIENCE = key(
            "apps[].jwks[].audience",
            ValueKinds.TEXT,
            DefaultValue.REQUIRED,
            "What must be in the `aud` of its tokens.");
    static final SettingKey<List<String>> ISSUER_CHANNELS = key(
            "apps[].jwks[].channels",
            channels(),
            DefaultValue.of(EVERYWHERE),
            "The channels its tokens may be for, as patterns.");
    static final SettingKey<List<Action>> ISSUER_ACTIONS = key(
            "apps[].jwks[].actions", actions(), DefaultValue.of(EVERYTHING), "The most its tokens may be used for.");

    static final SettingKey<Boolean> ISSUER_WILDCARDS =
            key("apps[].jwks[].wildcards", ValueKinds.SWITCH, DefaultValue.of("true"), WILDCARDS_MEAN);

    static final SettingKey<Boolean> ISSUER_TURN =
            key("apps[].jwks[].turn", ValueKinds.SWITCH, DefaultValue.of("false"), TURN_MEANS);

    static final SettingKey<Integer> APP_CONNECTIONS = key(
            "apps[].limits.connections",
            ValueKinds.count(0, 10 * MANY),
            DefaultValue.of("0"),
            "How many connections the app may have at once; 0 is any number.");
    static final SettingKey<Integer> APP_PATTERNS = key(
            "apps[].limits.patterns",
            ValueKinds.count(1, MANY),
            DefaultValue.of(Integer.toString(AppLimits.PATTERNS)),
            "How many different patterns of channels its clients may subscribe to at once.");
    static final SettingKey<String> CAPACITY_CHANNELS =
            key("apps[].capacity[].channels", ValueKinds.PATTERN, DefaultValue.REQUIRED, "The channels this is about.");
    static final SettingKey<Integer> CAPACITY_PEERS = key(
            "apps[].capacity[].peers",
            ValueKinds.count(1, MANY),
            DefaultValue.REQUIRED,
            "How many peers fit into each of them; the first entry that matches counts.");
    static final SettingKey<Long> APP_MESSAGES = key(
            "apps[].quotas.messagesPerPeriod",
            ValueKinds.number(0, 1_000_000_000_000L),
            DefaultValue.of("0"),
            "How many messages the app may send in a calendar month (UTC); 0 is any number.");

    static final SettingKey<Boolean> MINIMAL_ENABLED = key(
            "minimal.enabled",
            ValueKinds.SWITCH,
            DefaultValue.of("false").development("true"),
            "Whether the minimal protocol is served; with a configuration it then needs `origins` or `key`.");
    static final SettingKey<List<String>> MINIMAL_ORIGINS = key(
            "minimal.origins",
            origins(),
            DefaultValue.of(""),
            "The pages that may use it, as browsers write origins; empty or `*` for any.");
    static final SettingKey<Optional<Secret>> MINIMAL_KEY =
            key("minimal.key", ValueKinds.PASSWORD, DefaultValue.NONE, "What `?key=` must say; empty for nothing.");
    static final SettingKey<Optional<Secret>> MINIMAL_KEY_FILE = key(
            "minimal.keyFile",
            ValueKinds.PASSWORD_FILE,
            DefaultValue.NONE,
            "The file that holds the key; this or `key`.");

    static final SettingKey<String> PAGE_KEY = key(
            "page.key",
            ValueKinds.ID_OF_SOMETHING,
            DefaultValue.NONE.development(ServerSettings.DEVELOPMENT_KEY),
            "The publishable key of the call page at `GET /`; without one there is no page. The key needs the channels"
                    + " `call-*` and all four actions.");
    static final SettingKey<Boolean> WILDCARDS = key(
            "wildcardSubscriptions",
            ValueKinds.SWITCH,
            DefaultValue.of("true"),
            "Whether clients may subscribe to patterns of channels.");
    static final SettingKey<Boolean> STRICT_HTTP_REJECT = key(
            "strictHttpReject",
            ValueKinds.SWITCH,
            DefaultValue.of("false"),
            "Whether foreign origins and unreadable tokens are answered by HTTP 401, not by close code 4001.");
    static final SettingKey<List<AddressRange>> PROXIES = key(
            "proxies",
            new ListKind<>(ValueKinds.RANGE, 0, 100, "10.0.0.0/8"),
            DefaultValue.of(""),
            "The proxies whose word on a client's address is taken.");
    static final SettingKey<Boolean> PROXY_PROTOCOL = key(
            "proxyProtocol",
            ValueKinds.SWITCH,
            DefaultValue.of("false"),
            "Whether the proxies speak PROXY protocol version 2, which is then required of them, and not"
                    + " `X-Forwarded-For`; needs `proxies`.");

    static final SettingKey<List<String>> ICE_URLS = key(
            "iceServers[].urls",
            new ListKind<>(ValueKinds.ICE_URL, 1, 16, "turn:turn.example.com:3478?transport=udp"),
            DefaultValue.REQUIRED,
            "Where the STUN or TURN server is.");
    static final SettingKey<Secret> ICE_SECRET = key(
            "iceServers[].secret",
            ValueKinds.SECRET,
            DefaultValue.NONE,
            "What the TURN server and Parley share, by which credentials are made that end by themselves.");
    static final SettingKey<Secret> ICE_SECRET_FILE = key(
            "iceServers[].secretFile",
            ValueKinds.SECRET_FILE,
            DefaultValue.NONE,
            "The file that holds it; this or `secret`.");
    static final SettingKey<Duration> ICE_TTL = key(
            "iceServers[].ttl",
            ValueKinds.duration("1m", "24h"),
            DefaultValue.of("1h"),
            "How long such credentials are good at least; with a token until the token ends, in the welcome of a"
                    + " publishable key for a day; never longer than 24h.");
    static final SettingKey<String> ICE_USERNAME = key(
            "iceServers[].username",
            ValueKinds.TEXT,
            DefaultValue.NONE,
            "A user name that is the same for everyone, instead of `secret`.");
    static final SettingKey<Optional<Secret>> ICE_CREDENTIAL =
            key("iceServers[].credential", ValueKinds.PASSWORD, DefaultValue.NONE, "Its password.");

    static final SettingKey<Profile> PROFILE = key(
            "limits.profile",
            ValueKinds.choice(Profile.values()),
            DefaultValue.of("default"),
            "Which limits count where none are written; `strict` is for pages anyone can open.");
    static final SettingKey<Integer> MESSAGE_BYTES = key(
            "limits.messageBytes",
            ValueKinds.size("1KiB", "1MiB"),
            DefaultValue.of("64KiB"),
            "Largest `data` of a v1 message, as the welcome says; a message may have 4,096 bytes more around it.");
    static final SettingKey<Integer> MESSAGES_PER_SECOND = key(
            "limits.messagesPerSecond",
            ValueKinds.count(1, MANY),
            DefaultValue.of("200").strict("100"),
            "How many messages a peer may send over all its connections, sustained.");
    static final SettingKey<Integer> BURST = key(
            "limits.burst",
            ValueKinds.count(1, MANY),
            DefaultValue.of("1000").strict("200"),
            "How many messages a peer may send at once.");
    static final SettingKey<Integer> BYTES_PER_SECOND = key(
            "limits.bytesPerSecond",
            ValueKinds.size("1KiB", "1024MiB"),
            DefaultValue.of("8MiB").strict("1MiB"),
            "How many bytes of messages a peer may send over all its connections, sustained.");
    static final SettingKey<Integer> BYTES_BURST = key(
            "limits.bytesBurst",
            ValueKinds.size("8KiB", "1024MiB"),
            DefaultValue.of("16MiB").strict("4MiB"),
            "How many bytes of messages a peer may send at once; not less than one message.");
    static final SettingKey<Integer> MESSAGES_PER_SECOND_PER_IP = key(
            "limits.messagesPerSecondPerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of("10000").strict("2000"),
            "How many messages clients of one app at one address (IPv6: one /64) may send together, sustained; 0 is any"
                    + " number.");
    static final SettingKey<Integer> BYTES_PER_SECOND_PER_IP = key(
            "limits.bytesPerSecondPerIp",
            ValueKinds.size("0", "1024MiB"),
            DefaultValue.of("64MiB").strict("16MiB"),
            "How many bytes of messages clients of one app at one address (IPv6: one /64) may send together,"
                    + " sustained; 0 is any number.");
    static final SettingKey<Integer> CHANNELS = key(
            "limits.channelsPerConnection",
            ValueKinds.count(1, 10_000),
            DefaultValue.of("100"),
            "How many channels one connection may hold.");
    static final SettingKey<Integer> CONNECTIONS_PER_PEER = key(
            "limits.connectionsPerPeer",
            ValueKinds.count(1, MANY),
            DefaultValue.of("100"),
            "How many connections may share one peer id; each gets what is sent to the peer.");
    static final SettingKey<Integer> CONNECTS_PER_MINUTE = key(
            "limits.connectsPerMinutePerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of("0").strict("60"),
            "How many WebSockets one address (IPv6: one /64) may ask for in a minute; 0 is any number.");
    static final SettingKey<Integer> CONNECTIONS_PER_IP = key(
            "limits.connectionsPerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of("0").strict("1000"),
            "How many WebSockets one address (IPv6: one /64) may have open; 0 is any number.");
    static final SettingKey<Integer> FAILURES_PER_MINUTE = key(
            "limits.failuresPerMinutePerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of("60"),
            "How many bad credentials one address (IPv6: one /64) may bring in a minute; 0 is any number.");

    static final SettingKey<Integer> ICE_SERVERS_PER_MINUTE = key(
            "limits.iceServersPerMinutePerIp",
            ValueKinds.count(0, MANY),
            DefaultValue.of("60"),
            "How many lists of ICE servers clients of one address (IPv6: one /64) may ask for in a minute by HTTP;"
                    + " 0 is any number.");

    static final SettingKey<Integer> REST_PER_SECOND = key(
            "limits.restPerSecond",
            ValueKinds.count(0, MANY),
            DefaultValue.of("200"),
            "How many REST requests each secret key may make in a second, sustained; 0 is any number.");
    static final SettingKey<Integer> REST_BURST = key(
            "limits.restBurst",
            ValueKinds.count(1, MANY),
            DefaultValue.of("1000"),
            "How many REST requests each secret key may make at once.");

    static final SettingKey<Duration> PING = key(
            "keepalive.ping", ValueKinds.duration("100ms", "1h"), DefaultValue.of("25s"), "The time between pings.");
    static final SettingKey<Duration> PING_TIMEOUT = key(
            "keepalive.timeout",
            ValueKinds.duration("100ms", "1h"),
            DefaultValue.of("10s"),
            "How long the answer to a ping may take.");
    static final SettingKey<Duration> PRESENCE_DELAY = key(
            "presence.delay",
            ValueKinds.duration("0ms", "500ms"),
            DefaultValue.of("15ms"),
            "The time from the acknowledgement of a subscription to the ping whose answer brings the roster;"
                    + " 0ms sends it at once.");
    static final SettingKey<Duration> PRESENCE_COALESCE = key(
            "presence.coalesce",
            ValueKinds.duration("0ms", "1s"),
            DefaultValue.of("50ms"),
            "How long changes of a channel of more than 8 peers, or of a restless one, may wait to be announced"
                    + " together, 20 times as long where there are very many; 0ms announces each at once.");
    static final SettingKey<Duration> DRAIN_SPREAD = key(
            "drain.spread",
            ValueKinds.duration("0s", "1h"),
            DefaultValue.of("10s"),
            "Over how long a stopping server closes its connections at most.");
    static final SettingKey<Duration> DRAIN_TIMEOUT = key(
            "drain.timeout",
            ValueKinds.duration("0s", "1h"),
            DefaultValue.of("25s"),
            "When a stopping server stops waiting for clients to go; not less than `drain.spread`.");

    static final SettingKey<Duration> CONTINUITY_WINDOW = key(
            "continuity.window",
            ValueKinds.duration("0s", "24h"),
            DefaultValue.of("120s"),
            "How long a client of `parley.v1` that lost its socket is waited for; 0s speaks plain v1 only.");
    static final SettingKey<Integer> CONTINUITY_FRAMES = key(
            "continuity.frames",
            ValueKinds.count(1, MANY),
            DefaultValue.of("512"),
            "How many messages are kept for such a client while it is away; with more its session ends.");
    static final SettingKey<Integer> CONTINUITY_BYTES = key(
            "continuity.bytes",
            ValueKinds.size("64KiB", "64MiB"),
            DefaultValue.of("1MiB"),
            "How much is kept for such a client, away or slow, until it acknowledges it; at least two messages of"
                    + " `limits.messageBytes`, for which the default is raised.");
    static final SettingKey<Integer> CONTINUITY_TOTAL_BYTES = key(
            "continuity.totalBytes",
            ValueKinds.size("64KiB", "1024MiB"),
            DefaultValue.NONE,
            "How much memory all messages may take that wait for receivers or for their acknowledgement; at most"
                    + " half of the direct memory of the JVM, which is the default.");
    static final SettingKey<Secret> CONTINUITY_SECRET = key(
            "continuity.secret",
            ValueKinds.SECRET,
            DefaultValue.NONE,
            "What seals resume tokens; with it a client gets its peer id back from a server that was started"
                    + " again. This or `secretFile`; with neither, the server generates a secret and keeps it in"
                    + " `stateFolder`.");
    static final SettingKey<Secret> CONTINUITY_SECRET_FILE = key(
            "continuity.secretFile",
            ValueKinds.SECRET_FILE,
            DefaultValue.NONE,
            "The file that holds it; this or `secret`.");

    static final SettingKey<Path> STATE_FOLDER = key(
            "stateFolder",
            ValueKinds.FOLDER,
            DefaultValue.NONE,
            "Where the server keeps what outlives the process: the file `continuity.secret`. By default the folder"
                    + " of the configuration.");

    static final SettingKey<LogSettings.Format> LOG_FORMAT = key(
            "log.format",
            ValueKinds.choice(LogSettings.Format.values()),
            DefaultValue.of("text"),
            "How a line of the log looks: for people, or one JSON object.");
    static final SettingKey<LogSettings.Level> LOG_LEVEL = key(
            "log.level",
            ValueKinds.choice(LogSettings.Level.values()),
            DefaultValue.of("info"),
            "The least important lines that are written.");

    static final SettingKey<Void> CLUSTER = later("cluster", "Several servers as one.");

    static final SectionShape.Section SHAPE = SectionShape.of(TABLE);

    private SettingCatalog() {}

    /** All of them. */
    static List<SettingKey<?>> table() {
        return List.copyOf(TABLE);
    }

    private static <T> SettingKey<T> key(String path, ValueKind<T> kind, DefaultValue standard, String description) {
        SettingKey<T> key = new SettingKey<>(path, kind, standard, description);
        TABLE.add(key);
        return key;
    }

    private static SettingKey<Void> later(String path, String description) {
        return key(path, new NotAvailable(), DefaultValue.NONE, description);
    }

    private static ListKind<String> channels() {
        return new ListKind<>(ValueKinds.PATTERN, 1, 100, "room-*");
    }

    private static ListKind<Action> actions() {
        return new ListKind<>(ValueKinds.ACTION, 1, 4, "subscribe");
    }

    private static ListKind<String> origins() {
        return new ListKind<>(ValueKinds.ORIGIN_OF_PAGES, 0, 100, "https://app.example.com");
    }
}
