// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import dev.parley.config.Action;
import dev.parley.config.AppSettings;
import dev.parley.config.HostPort;
import dev.parley.config.ListenerSettings;
import dev.parley.config.OriginRules;
import dev.parley.config.PublishableKey;
import dev.parley.config.ServerSettings;
import dev.parley.core.access.ChannelPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the key of the call page with what the page does. With a key that covers less, it cannot make a call. */
public final class PageKeyCheck {

    /** The channels of the page's calls, see page.js. */
    private static final String CHANNELS = "call-*";

    private static final List<String> LOOPBACK_HOSTS = List.of("localhost", "127.0.0.1", "[::1]");
    private static final List<String> ANY_HOSTS = List.of("0.0.0.0", "::");

    private PageKeyCheck() {}

    /** Returns what keeps the page from making calls, a line each. */
    public static List<String> warnings(ServerSettings settings) {
        List<String> warnings = new ArrayList<>();
        for (AppSettings app : settings.apps()) {
            for (PublishableKey key : app.publishableKeys()) {
                if (settings.services().pageKey().equals(Optional.of(key.id()))) {
                    addWarnings(warnings, settings, app, key);
                }
            }
        }
        return warnings;
    }

    private static void addWarnings(
            List<String> warnings, ServerSettings settings, AppSettings app, PublishableKey key) {
        String subject = "page.key " + key.id() + ": ";
        if (!app.isEnabled()) {
            warnings.add(subject + "the app " + app.id() + " is not enabled, so the call page cannot connect");
        }
        ChannelPattern needed = ChannelPattern.of(CHANNELS);
        if (key.rights().channels().stream()
                .noneMatch(it -> ChannelPattern.of(it).covers(needed))) {
            warnings.add(
                    subject + "the call page joins channels " + CHANNELS + ", which the channels of this key do not"
                            + " cover: add \"" + CHANNELS + "\", or remove page.key");
        }
        String missing = Stream.of(Action.values())
                .filter(action -> !key.rights().actions().contains(action))
                .map(Action::word)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            warnings.add(subject + "the call page needs all four actions, and the actions of this key lack " + missing);
        }
        List<String> own = ownOrigins(settings);
        if (!own.isEmpty() && !OriginRules.areAny(key.origins()) && own.stream().noneMatch(key.origins()::contains)) {
            warnings.add(subject + "the call page is served at " + own.getFirst()
                    + ", which is not in the origins of this key");
        }
    }

    /** Returns the origins of pages of this server; none where a proxy or an unknown name stands before it. */
    private static List<String> ownOrigins(ServerSettings settings) {
        HostPort listen = settings.listeners().listen().orElse(new HostPort("localhost", ListenerSettings.LISTEN_PORT));
        boolean isKnown = listen.port() != 0
                && !ANY_HOSTS.contains(listen.host())
                && settings.listeners().proxies().ranges().isEmpty();
        if (!isKnown) {
            return List.of();
        }
        boolean isTls = settings.listeners().tls().isPresent();
        String port = listen.port() == (isTls ? 443 : 80) ? "" : ":" + listen.port();
        String written = listen.toString().toLowerCase(Locale.ROOT);
        String host = written.substring(0, written.lastIndexOf(':'));
        Stream<String> hosts =
                Stream.concat(Stream.of(host), listen.isLoopback() ? LOOPBACK_HOSTS.stream() : Stream.empty());
        return hosts.map(it -> (isTls ? "https://" : "http://") + it + port).toList();
    }
}
