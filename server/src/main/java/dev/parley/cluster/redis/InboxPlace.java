// SPDX-License-Identifier: Apache-2.0
package dev.parley.cluster.redis;

import dev.parley.cluster.StoreCall;

/**
 * An entry of the inbox of an incarnation.
 *
 * @param bytes how many bytes there were in the inbox through this entry, since the incarnation began
 */
record InboxPlace(String incarnation, long number, String bytes) {

    /** @param id of the entry in the stream: its number and the bytes */
    static InboxPlace of(String incarnation, String id) {
        int dash = id.indexOf('-');
        return new InboxPlace(incarnation, Long.parseLong(id.substring(0, dash)), id.substring(dash + 1));
    }

    /** Returns whether the call says that the inbox was read through this entry. */
    boolean isOf(StoreCall.Read read) {
        return number == read.after() && incarnation.equals(read.incarnation());
    }
}
