// SPDX-License-Identifier: Apache-2.0
package dev.parley.page;

import dev.parley.core.port.Reply;
import dev.parley.core.port.Request;
import dev.parley.core.port.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The files of the call page, read once. */
public final class StaticPage implements Route {

    /** Nothing but this server's own files may load or be connected to, and nobody may frame the page. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", CONTENT_SECURITY_POLICY,
            "Cache-Control", "no-cache",
            "Referrer-Policy", "no-referrer");

    private final Reply reply;

    private StaticPage(Reply reply) {
        this.reply = reply;
    }

    /** All files of the page by the path they are served at. */
    public static Map<String, Route> routes() {
        return Map.of(
                "/", file("index.html", "text/html; charset=utf-8"),
                "/page.css", file("page.css", "text/css; charset=utf-8"),
                "/page.js", file("page.js", "text/javascript; charset=utf-8"),
                "/call.js", file("call.js", "text/javascript; charset=utf-8"),
                "/signaling.js", file("signaling.js", "text/javascript; charset=utf-8"),
                "/media.js", file("media.js", "text/javascript; charset=utf-8"),
                "/picture.js", file("picture.js", "text/javascript; charset=utf-8"),
                "/metronome.js", file("metronome.js", "text/javascript; charset=utf-8"),
                "/icon.svg", file("icon.svg", "image/svg+xml"));
    }

    @Override
    public Reply reply(Request request) {
        return reply;
    }

    private static StaticPage file(String name, String contentType) {
        try (InputStream in = StaticPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the page lacks its file " + name);
            }
            return new StaticPage(new Reply(200, contentType, HEADERS, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
