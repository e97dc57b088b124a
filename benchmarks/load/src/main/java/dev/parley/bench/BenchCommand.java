// SPDX-License-Identifier: Apache-2.0
package dev.parley.bench;

import dev.parley.boot.OpenFiles;
import dev.parley.cli.AddedCommand;
import dev.parley.cli.VersionText;
import dev.parley.config.SettingException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley bench}: many clients of a server, and what they measure. */
@Command(
        name = "bench",
        description =
                "Puts a load on a server that speaks v1 or a similar protocol, and measures. Only for servers of your"
                        + " own: its clients ask for all they can get.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class)
public final class BenchCommand implements AddedCommand {

    /** Files a process needs for itself. */
    private static final int SPARE_FILES = 500;

    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m)?");
    private static final int FLAKY_RATE = 1000;
    private static final int DEFAULT_BYTES = 1024;
    private static final int MIN_BYTES = 64;

    /** Connections made at once, by all processes: many, but fewer than a server keeps in its backlog. */
    private static final int UNDER_WAY = 256;

    private static final int MAX_BYTES = 65_536;

    @Spec
    private CommandSpec spec = CommandSpec.create(); // until the parser sets it

    @Parameters(
            paramLabel = "SCENARIO",
            converter = PlayWord.class,
            description = "relay: signals between pairs; call: whole calls from connecting to leaving; fanout: one"
                    + " publishes to all others; join-storm: all join one room; idle: clients that are there;"
                    + " handshake: connect and leave; reconnect-storm: all lose their connections and come back;"
                    + " flaky: pairs lose their connections again and again, and nothing they say.")
    private BenchPlan.@Nullable Play scenario;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The server, such as ws://127.0.0.1:8080, without a path. Repeated: clients are spread over all."
                            + " Default: ws://127.0.0.1:8080.")
    private List<String> urls = List.of("ws://127.0.0.1:8080");

    @Option(
            names = "--second-url",
            paramLabel = "URL",
            description = "Where every second client connects, so that the two of a pair are on two servers of a"
                    + " cluster. Default: as --url.")
    private @Nullable String secondUrl;

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            converter = SpeechWord.class,
            description = "v1, parley-v1, minimal, peerjs, socketio or tcp. Default: v1; flaky: parley-v1.")
    private BenchPlan.@Nullable Speech protocol;

    @Option(names = "--key", paramLabel = "KEY", description = "v1: the publishable key. Default: pk_live_demo.")
    private String key = "pk_live_demo";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "v1: a token instead of a key. Repeated: clients show them in turn, as each peer has its own.")
    private List<String> tokens = List.of();

    @Option(names = "--ack", description = "v1: have each signal acknowledged too.")
    private boolean isAcknowledged;

    @Option(names = "--connections", paramLabel = "N", description = "Clients in all. Default: 1000.")
    private int connections = 1000;

    @Option(
            names = "--members",
            paramLabel = "N",
            description = "fanout: how many hear the one who publishes. Default: 100.")
    private int members = 100;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "Signals each client has under way; the next follows when one has arrived. Default: 1.")
    private int window = 1;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Signals a second in all, sent when they are due whether or not those before have arrived, and"
                            + " timed from then. Default: as many as the window lets; flaky: 1000.")
    private int rate;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description = "Of the data in a signal, 64 to 65536. Default: 1024.")
    private int size = DEFAULT_BYTES;

    @Option(
            names = "--signaling",
            paramLabel = "PERCENT",
            description = "idle: how many of the clients exchange signals, at --rate. Default: 0.")
    private double signaling;

    @Option(names = "--warmup", paramLabel = "TIME", description = "Not measured. Default: 5s.")
    private String warmUp = "5s";

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "Measured, such as 10s or 5m. Default: 10s; idle: until the standard input ends.")
    private @Nullable String duration;

    @Option(names = "--within", paramLabel = "TIME", description = "join-storm: all come within it. Default: 2s.")
    private String within = "2s";

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            description = "flaky: how long a connection lasts at most, and a fifth of it at least. Default: 5s.")
    private String lifetime = "5s";

    @Option(
            names = "--sources",
            paramLabel = "N",
            description = "Addresses of 127.0.0.0/8 that clients come from, if the server is there. Default: 20.")
    private int sources = 20;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "Processes that share the clients. Default: as many as the limit of open files asks for.")
    private int processes;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "A process of the server, on this machine: its processor time and memory are measured. May be"
                    + " repeated.")
    private List<Long> pids = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Where the result is written as JSON too.")
    private @Nullable Path json;

    @Option(names = "--part", hidden = true, paramLabel = "FIRST:COUNT:URL")
    private @Nullable String part;

    private static final class PlayWord implements ITypeConverter<BenchPlan.Play> {
        @Override
        public BenchPlan.Play convert(String word) {
            return OptionChoice.of(word, BenchPlan.Play.values());
        }
    }

    private static final class SpeechWord implements ITypeConverter<BenchPlan.Speech> {
        @Override
        public BenchPlan.Speech convert(String word) {
            return OptionChoice.of(word, BenchPlan.Speech.values());
        }
    }

    @Override
    public Integer call() throws SettingException, IOException, InterruptedException {
        BenchPlan plan = plan();
        if (part != null) {
            BenchMeasurement.playPart(plan, spec.commandLine().getOut());
            return 0;
        }
        BenchMeasurement measurement = new BenchMeasurement(
                plan,
                parts(),
                pids,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
        Optional<String> fault = measurement.fault();
        if (fault.isPresent()) {
            throw new SettingException(fault.get());
        }
        return measurement.run(json) ? 0 : 1;
    }

    private BenchPlan plan() throws SettingException {
        check(connections >= 2, "--connections", "must be 2 or more");
        check(members >= 1, "--members", "must be 1 or more");
        check(window >= 1, "--window", "must be 1 or more");
        check(rate >= 0, "--rate", "must not be negative");
        check(size >= MIN_BYTES && size <= MAX_BYTES, "--size", "must be 64 to 65536");
        check(signaling >= 0 && signaling <= 100, "--signaling", "must be 0 to 100");
        check(sources >= 1 && sources <= 250, "--sources", "must be 1 to 250");
        BenchPlan.Play play = scenario == null ? BenchPlan.Play.RELAY : scenario;
        if (play == BenchPlan.Play.FLAKY && rate == 0) {
            rate = FLAKY_RATE;
        }
        int first = 0;
        int clients = play == BenchPlan.Play.FANOUT ? members + 1 : connections;
        int underWay = UNDER_WAY;
        String url = urls.getFirst();
        if (part != null) {
            String[] share = part.split(":", 3);
            first = Integer.parseInt(share[0]);
            clients = Integer.parseInt(share[1]);
            url = share[2];
            rate = (int) Math.ceilDiv((long) rate * clients, connections);
            underWay = (int) Math.ceilDiv((long) UNDER_WAY * clients, connections);
        }
        LoadSize load = new LoadSize(
                clients,
                window,
                rate,
                SignalData.json(size),
                time("--warmup", warmUp),
                duration == null && play == BenchPlan.Play.IDLE
                        ? Duration.ZERO
                        : time("--duration", duration == null ? "10s" : duration),
                time("--within", within));
        BenchPlan.Credential credential = tokens.isEmpty()
                ? new BenchPlan.Credential("key", List.of(key))
                : new BenchPlan.Credential("token", List.copyOf(tokens));
        BenchPlan.Speech usual = play == BenchPlan.Play.FLAKY ? BenchPlan.Speech.PARLEY_V1 : BenchPlan.Speech.V1;
        return new BenchPlan(
                play,
                protocol == null ? usual : protocol,
                credential,
                new BenchPlan.Servers(address(url), address(secondUrl == null ? url : secondUrl)),
                load,
                new BenchPlan.ClientShare(first, underWay, sources),
                new BenchPlan.Options(isAcknowledged, signaling / 100, time("--lifetime", lifetime)));
    }

    /** The commands that play it together, none if one process is enough. */
    private List<List<String>> parts() throws IOException, SettingException {
        int count = Math.max(processes, Math.max(urls.size(), Math.ceilDiv(connections, maxConnections())));
        if (count == 1) {
            return List.of();
        }
        boolean isOneRoom = scenario == BenchPlan.Play.FANOUT || scenario == BenchPlan.Play.JOIN_STORM;
        check(!isOneRoom, "--processes", "must be 1: all are in one room, and one process watches it");
        List<List<String>> commands = new ArrayList<>();
        int share = Math.ceilDiv(connections, count) + 1 & ~1; // pairs stay together
        for (int i = 0; i < count; i++) {
            int clients = Math.min(share, connections - i * share);
            if (clients > 0) {
                commands.add(command(i * share, clients, urls.get(i % urls.size())));
            }
        }
        return commands;
    }

    /** This program as it was started, for a share of the clients. */
    private List<String> command(int first, int clients, String url) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.parley.Main"));
        command.addAll(spec.commandLine().getParseResult().originalArgs());
        command.addAll(List.of("--part", first + ":" + clients + ":" + url));
        return command;
    }

    private static int maxConnections() {
        OptionalLong files = OpenFiles.limit();
        return files.isEmpty() ? Integer.MAX_VALUE : Math.clamp(files.getAsLong() - SPARE_FILES, 2, Integer.MAX_VALUE);
    }

    private static InetSocketAddress address(String url) throws SettingException {
        try {
            URI uri = URI.create(url);
            boolean isBare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            if ("ws".equals(uri.getScheme()) && uri.getHost() != null && isBare) {
                int port = uri.getPort() < 0 ? 80 : uri.getPort();
                return new InetSocketAddress(InetAddress.getByName(uri.getHost()), port);
            }
        } catch (IllegalArgumentException e) {
            // told below
        } catch (UnknownHostException e) {
            throw new SettingException("--url: no such host: " + e.getMessage());
        }
        throw new SettingException("--url: '" + url + "' must be like ws://127.0.0.1:8080");
    }

    private static Duration time(String option, String text) throws SettingException {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new SettingException(option + ": '" + text + "' must be a time such as 500ms, 10s or 5m");
        }
        String word = matcher.group(2) == null ? "s" : matcher.group(2);
        TimeUnit unit = switch (word) {
            case "ms" -> TimeUnit.MILLISECONDS;
            case "m" -> TimeUnit.MINUTES;
            default -> TimeUnit.SECONDS;
        };
        return Duration.ofMillis(unit.toMillis(Long.parseLong(matcher.group(1))));
    }

    private static void check(boolean isGood, String option, String rule) throws SettingException {
        if (!isGood) {
            throw new SettingException(option + " " + rule);
        }
    }
}
