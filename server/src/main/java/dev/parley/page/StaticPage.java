// SPDX-License-Identifier: Apache-2.0
package dev.parley.page;

import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.port.HttpRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The browser client, and the files of the call page and of its two-tab sibling below /minimal, each read and
 * compressed when it is first asked for. Any thread.
 */
public final class StaticPage implements HttpRoute {

    /** Nothing but this server's own files may load or be connected to, and nobody may frame the page. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String CLIENT = "/dev/parley/client/parley.js";

    private static final String MEDIA = "/dev/parley/client/parley-media.js";

    private static final String DATA = "/dev/parley/client/parley-data.js";

    /** Pages of anywhere may load the client, as a script or as text. */
    private static final Map<String, String> ANYWHERE = Map.of("Access-Control-Allow-Origin", "*");

    private static final Map<String, String> OWN_PAGES =
            Map.of("Content-Security-Policy", CONTENT_SECURITY_POLICY, "Referrer-Policy", "no-referrer");

    /** A browser asks each time whether it has the newest form. */
    private static final String REVALIDATED = "no-cache";

    /** A year, and no question meanwhile: another content has another path. */
    private static final String FOREVER = "public, max-age=31536000, immutable";

    /** What is served by its own name; the two index.html have paths of their own. */
    private static final List<String> CALL_FILES = List.of(
            "base.css",
            "entry.css",
            "tiles.css",
            "call.css",
            "panels.css",
            "page.js",
            "allowance.js",
            "call-view.js",
            "chat.js",
            "choices.js",
            "deliveries.js",
            "devices.js",
            "dom.js",
            "group.js",
            "hood.js",
            "layout.js",
            "links.js",
            "metronome.js",
            "names.js",
            "numbers.js",
            "own-media.js",
            "own-view.js",
            "panels.js",
            "person.js",
            "picture.js",
            "receipts.js",
            "rooms.js",
            "roster.js",
            "self-view.js",
            "server.js",
            "shortcuts.js",
            "stage.js",
            "thrift.js",
            "tile.js",
            "visit.js",
            "wake-lock.js",
            "words.js",
            "icon.svg");

    private static final List<String> TWO_TAB_FILES = List.of(
            "base.css",
            "names.js",
            "picture.js",
            "metronome.js",
            "icon.svg",
            "minimal/landing.css",
            "minimal/page.css",
            "minimal/page.js",
            "minimal/call.js",
            "minimal/media.js",
            "minimal/signaling.js");

    private final String name;
    private final Map<String, String> words;
    private final Map<String, String> headers;
    private volatile @Nullable StaticFile file;

    /** @param words by what they replace in the file, such as {@code {key}} */
    private StaticPage(String name, Map<String, String> words, String cacheControl, Map<String, String> headers) {
        this.name = name;
        this.words = words;
        Map<String, String> all = new HashMap<>(headers);
        all.put("Cache-Control", cacheControl);
        this.headers = all;
    }

    /**
     * The browser client, its media helpers and its channels, by the paths they are served at.
     *
     * @param version of them and of the server
     */
    public static Map<String, HttpRoute> client(String version) {
        return Map.of(
                "/parley.js",
                new StaticPage(CLIENT, Map.of(), REVALIDATED, ANYWHERE),
                "/parley-" + version + ".js",
                new StaticPage(CLIENT, Map.of(), FOREVER, ANYWHERE),
                "/parley-media.js",
                new StaticPage(MEDIA, Map.of(), REVALIDATED, ANYWHERE),
                "/parley-media-" + version + ".js",
                new StaticPage(MEDIA, Map.of(), FOREVER, ANYWHERE),
                "/parley-data.js",
                new StaticPage(DATA, Map.of(), REVALIDATED, ANYWHERE),
                "/parley-data-" + version + ".js",
                new StaticPage(DATA, Map.of(), FOREVER, ANYWHERE));
    }

    /**
     * The call page and its files, by the path they are served at.
     *
     * @param key the publishable key it connects with
     * @param hasTwoTabPage whether {@link #twoTabPage} is served too, and may be linked to
     */
    public static Map<String, HttpRoute> callPage(String key, boolean hasTwoTabPage) {
        Map<String, HttpRoute> routes = routes(CALL_FILES);
        Map<String, String> words = Map.of("{key}", key, "{two-tab-page}", String.valueOf(hasTwoTabPage));
        routes.put("/", new StaticPage("index.html", words, REVALIDATED, OWN_PAGES));
        return routes;
    }

    /** Answers for the call page where none is configured. */
    public static HttpRoute noCallPage() {
        String sentence = "No call page is configured here: set page.key. Clients connect to a WebSocket at /v1.\n";
        HttpReply reply =
                new HttpReply(404, "text/plain; charset=utf-8", Map.of(), sentence.getBytes(StandardCharsets.UTF_8));
        return request -> reply;
    }

    /** The two-tab page and its files, by the path they are served at. */
    public static Map<String, HttpRoute> twoTabPage() {
        Map<String, HttpRoute> routes = routes(TWO_TAB_FILES);
        routes.put("/minimal", new StaticPage("minimal/index.html", Map.of(), REVALIDATED, OWN_PAGES));
        return routes;
    }

    private static Map<String, HttpRoute> routes(List<String> files) {
        Map<String, HttpRoute> routes = new HashMap<>();
        for (String name : files) {
            routes.put("/" + name, new StaticPage(name, Map.of(), REVALIDATED, OWN_PAGES));
        }
        return routes;
    }

    @Override
    public HttpReply reply(ClientRequest request) {
        StaticFile known = file;
        if (known == null) {
            known = new StaticFile(content(), contentType(name), headers);
            file = known;
        }
        return known.reply(request);
    }

    private byte[] content() {
        byte[] bytes = read(name);
        if (words.isEmpty()) {
            return bytes;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace(word.getKey(), word.getValue());
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(String name) {
        try (InputStream in = StaticPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the page lacks its file " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no content type is known for " + name);
        };
    }
}
