// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.util.ByteProcessor;

/**
 * Looks at the bytes of a request's head for what no honest client sends but some servers tolerate: lines that do not
 * end in CR LF or go on in the next one, and a request line of anything but printable ASCII split by single spaces (RFC
 * 9112 sections 2.2, 3 and 5.2). Where two servers in a row read such things differently, a second request hides in the
 * first. What the fields are made of is checked when they are taken from their lines.
 */
final class HeadScan implements ByteProcessor {

    private byte last = '\n';
    private boolean isInRequestLine = true;
    private boolean isBroken;

    /** Looks at the next byte; false if there is no use in going on. */
    @Override
    public boolean process(byte next) {
        boolean isBlank = next == ' ' || next == '\t';
        boolean isLineEnd = next == '\r' || next == '\n';
        if ((last == '\r') != (next == '\n')) {
            isBroken = true;
        } else if (isBlank && last == '\n') {
            isBroken = true;
        } else if (isInRequestLine && !isLineEnd) {
            isBroken |= next < ' ' || next > '~' || (next == ' ' && last == ' '); // negative: beyond ASCII
        }
        if (next == '\r' && last != '\n') {
            isInRequestLine = false; // empty lines may come before it
        }
        last = next;
        return !isBroken;
    }

    /** Whether something of this kind was seen in the head. */
    boolean isBroken() {
        return isBroken;
    }

    /** Starts the next head. */
    void reset() {
        last = '\n';
        isInRequestLine = true;
        isBroken = false;
    }
}
