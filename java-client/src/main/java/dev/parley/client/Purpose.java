// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** What a request is for. */
sealed interface Purpose {

    /** The application's wish to hear a channel. */
    record Subscribe(String channel, Subscription options) implements Purpose {}

    /** A channel of before is subscribed to again. */
    record Restore(String channel) implements Purpose {}

    /** The application's wish to leave a channel. */
    record Unsubscribe(String channel) implements Purpose {}

    /** A newer token for the connection there is. */
    record Refresh() implements Purpose {}

    /** A {@code publish} or {@code send}: the only one that cannot be done twice. */
    record Signal() implements Purpose {}
}
