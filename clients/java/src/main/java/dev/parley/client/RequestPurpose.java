// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/** What a request is for. */
sealed interface RequestPurpose {

    /** The application's wish to hear a channel. */
    record Subscribe(String channel, Subscription options) implements RequestPurpose {}

    /** A channel of before is subscribed to again. */
    record Restore(String channel) implements RequestPurpose {}

    /** The application's wish to leave a channel. */
    record Unsubscribe(String channel) implements RequestPurpose {}

    /** A newer token for the connection there is. */
    record Refresh() implements RequestPurpose {}

    /** A {@code publish} or {@code send}: the only one that cannot be done twice. */
    record Signal() implements RequestPurpose {}
}
