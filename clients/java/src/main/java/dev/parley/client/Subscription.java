// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

/**
 * How a channel is subscribed to. Begin with {@link #standard}.
 *
 * @param includesSenderMetadata whether each message brings what its sender shows of itself
 */
public record Subscription(boolean includesSenderMetadata) {

    private static final Subscription STANDARD = new Subscription(false);

    /** Messages without the metadata of their senders. */
    public static Subscription standard() {
        return STANDARD;
    }

    /** The same, with what the sender of each message shows of itself: {@link Event.Message#fromMetadata}. */
    public Subscription withSenderMetadata() {
        return new Subscription(true);
    }
}
