// SPDX-License-Identifier: Apache-2.0
package dev.parley.metrics;

import java.util.List;

/** Every figure there is, besides those of the JVM; docs/metrics.md is compared with it. */
enum MetricName {
    BUILD("parley_build_info", Kind.GAUGE, "Always 1.", "version"),
    READY("parley_ready", Kind.GAUGE, "Whether the server takes new clients: 1 or 0."),
    INSECURE("parley_insecure_mode", Kind.GAUGE, "1 for each setting that is convenient and not safe.", "setting"),
    CONNECTIONS("parley_connections", Kind.GAUGE, "WebSockets that are open, admitted or not.", "dialect"),
    OPENED("parley_connections_opened", Kind.COUNTER, "WebSockets that were opened.", "dialect"),
    ENDED(
            "parley_connections_ended",
            Kind.COUNTER,
            "WebSockets that are over: `left` by the client with a Close frame, `lost` without one, or the close"
                    + " code of the server.",
            "dialect",
            "ending"),
    REFUSED(
            "parley_refused",
            Kind.COUNTER,
            "Who was turned away, by HTTP status or close code; `socket` for sockets that got neither.",
            "code"),
    HEARD("parley_messages_received", Kind.COUNTER, "Messages of clients.", "dialect", "type"),
    SENT("parley_messages_sent", Kind.COUNTER, "Messages to clients, each receiver counted.", "dialect"),
    SESSIONS("parley_sessions", Kind.GAUGE, "Sessions that outlive their sockets (`parley.v1`)."),
    SESSIONS_AWAY("parley_sessions_away", Kind.GAUGE, "Those of them that have no socket and wait for their client."),
    OUTBOX_BYTES(
            "parley_outbox_bytes",
            Kind.GAUGE,
            "Memory of messages that wait for receivers, or for their acknowledgement."),
    RESUMES(
            "parley_resumes",
            Kind.COUNTER,
            "Clients that asked to go on with a session: `resumed`, or why that could not be.",
            "outcome"),
    UNDELIVERED(
            "parley_undelivered",
            Kind.COUNTER,
            "Times signals may not have been delivered to a session that outlives its sockets, by reason.",
            "reason"),
    DROPPED(
            "parley_dropped",
            Kind.COUNTER,
            "Signals dropped because a v1 or minimal client takes them more slowly than they are sent to it."),
    BUSY(
            "parley_busy",
            Kind.COUNTER,
            "Signals refused with `receiver_busy`: their receiver takes signals more slowly than they are sent to it.",
            "app"),
    PAUSED(
            "parley_paused",
            Kind.COUNTER,
            "Times reading from a client was paused: its `peer` or its `address` sends more than it may, it sends"
                    + " too many pings (`ping`), signals it sent wait on busy loops (`credit`), or one for many"
                    + " waits for its turn (`turn`).",
            "limit"),
    APP_CONNECTIONS("parley_app_connections", Kind.GAUGE, "Admitted connections of an app.", "app"),
    APP_PEERS("parley_app_peers", Kind.GAUGE, "Peers of an app that are connected.", "app"),
    APP_CHANNELS("parley_app_channels", Kind.GAUGE, "Channels of an app that somebody is in.", "app"),
    APP_MESSAGES(
            "parley_app_period_messages",
            Kind.GAUGE,
            "Messages of an app that were accepted in this calendar month.",
            "app"),
    STORE_CALLS(
            "parley_store_calls",
            Kind.COUNTER,
            "Calls to the store of a cluster: `replied`, or `silent` for too long, after which they are repeated.",
            "call",
            "outcome"),
    STORE_SECONDS(
            "parley_store_call_seconds",
            Kind.HISTOGRAM,
            "How long the store of a cluster took to reply to a call; `read` waits for something to read.",
            "call"),
    STORE_SERVERS(
            "parley_store_servers", Kind.GAUGE, "Servers that share the store of a cluster, this one among them."),
    INBOX_ENTRIES(
            "parley_inbox_entries",
            Kind.GAUGE,
            "Entries for this server in the store, when it last looked; those of the last 100 ms may have been read."),
    INBOX_BYTES("parley_inbox_bytes", Kind.GAUGE, "What these entries take of the store."),
    STORE_REFUSALS(
            "parley_store_refusals",
            Kind.COUNTER,
            "Connections and subscriptions of an app that were refused: it holds its share of the store of a cluster.",
            "app"),
    STATE_LOSSES(
            "parley_store_losses",
            Kind.COUNTER,
            "Times the store of a cluster had lost its state, or other servers took this one for dead."),
    SWEEPS(
            "parley_swept_servers",
            Kind.COUNTER,
            "Servers of a cluster that showed no sign of life, and whose peers this one removed."),
    RELOADS(
            "parley_configuration_reads",
            Kind.COUNTER,
            "How often the configuration was read again: `well`, or `failed` and the old one stayed.",
            "outcome"),
    KEY_FETCHES("parley_issuer_key_fetches", Kind.COUNTER, "How often keys of issuers were fetched.", "outcome");

    /** What kind of figure it is. */
    enum Kind {
        /** Grows until the server is restarted; its name in Prometheus ends with {@code _total}. */
        COUNTER,
        /** What is now. */
        GAUGE,
        /** How many times were how long, in seconds. */
        HISTOGRAM
    }

    private final String title;
    private final Kind kind;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // a list that cannot be changed
    private final List<String> labels;

    MetricName(String title, Kind kind, String help, String... labels) {
        this.title = title;
        this.kind = kind;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** Returns the name without the suffix of counters. */
    String title() {
        return title;
    }

    /** Returns the name as Prometheus shows it. */
    String shown() {
        return kind == Kind.COUNTER ? title + "_total" : title;
    }

    Kind kind() {
        return kind;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels;
    }
}
