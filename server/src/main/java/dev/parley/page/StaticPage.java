// SPDX-License-Identifier: Apache-2.0
package dev.parley.page;

import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The browser client, and the files of the call page and of its two-tab sibling below /minimal, each read when it is first asked
 * for. Any thread.
 */
public final class StaticPage implements Route {

    /** Nothing but this server's own files may load or be connected to, and nobody may frame the page. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Pages of anywhere may load the client, as a script or as text. */
    private static final Map<String, String> CLIENT_HEADERS =
            Map.of("Access-Control-Allow-Origin", "*", "Cache-Control", "no-cache");

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", CONTENT_SECURITY_POLICY,
            "Cache-Control", "no-cache",
            "Referrer-Policy", "no-referrer");

    /** What is served by its own name; the two index.html have paths of their own. */
    private static final List<String> CALL_FILES = List.of(
            "base.css",
            "page.css",
            "page.js",
            "server.js",
            "group.js",
            "chat.js",
            "thrift.js",
            "numbers.js",
            "tile.js",
            "roster.js",
            "layout.js",
            "words.js",
            "names.js",
            "media.js",
            "picture.js",
            "metronome.js",
            "icon.svg");

    private static final List<String> TWO_TAB_FILES = List.of(
            "base.css",
            "media.js",
            "picture.js",
            "metronome.js",
            "words.js",
            "icon.svg",
            "minimal/page.css",
            "minimal/page.js",
            "minimal/call.js",
            "minimal/signaling.js");

    private final String name;
    private final String key;
    private final Map<String, String> headers;
    private volatile @Nullable Reply reply;

    /** @param key replaces the word {@code {key}} in HTML */
    private StaticPage(String name, String key, Map<String, String> headers) {
        this.name = name;
        this.key = key;
        this.headers = headers;
    }

    /** The browser client, by the path it is served at. */
    public static Map<String, Route> client() {
        return Map.of("/parley.js", new StaticPage("/dev/parley/client/parley.js", "", CLIENT_HEADERS));
    }

    /**
     * The call page and its files, by the path they are served at.
     *
     * @param key the publishable key it connects with
     */
    public static Map<String, Route> callPage(String key) {
        Map<String, Route> routes = routes(CALL_FILES);
        routes.put("/", new StaticPage("index.html", key, HEADERS));
        return routes;
    }

    /** Answers for the call page where none is configured. */
    public static Route noCallPage() {
        String sentence = "No call page is configured here: set page.key. Clients connect to a WebSocket at /v1.\n";
        Reply reply = new Reply(404, "text/plain; charset=utf-8", Map.of(), sentence.getBytes(StandardCharsets.UTF_8));
        return request -> reply;
    }

    /** The two-tab page and its files, by the path they are served at. */
    public static Map<String, Route> twoTabPage() {
        Map<String, Route> routes = routes(TWO_TAB_FILES);
        routes.put("/minimal", new StaticPage("minimal/index.html", "", HEADERS));
        return routes;
    }

    private static Map<String, Route> routes(List<String> files) {
        Map<String, Route> routes = new HashMap<>();
        for (String name : files) {
            routes.put("/" + name, new StaticPage(name, "", HEADERS));
        }
        return routes;
    }

    @Override
    public Reply reply(Request request) {
        Reply known = reply;
        if (known == null) {
            known = new Reply(200, contentType(name), headers, body());
            reply = known;
        }
        return known;
    }

    private byte[] body() {
        byte[] file = read(name);
        return key.isEmpty()
                ? file
                : new String(file, StandardCharsets.UTF_8).replace("{key}", key).getBytes(StandardCharsets.UTF_8);
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
