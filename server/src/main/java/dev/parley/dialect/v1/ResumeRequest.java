// SPDX-License-Identifier: Apache-2.0
package dev.parley.dialect.v1;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session a client wants to go on with. Its text form hides the token: it may end in a log.
 *
 * @param token the resume token, empty if what the client brought cannot be one
 * @param position the number of the last message it received, {@link #NOWHERE} if what the client brought is no number
 */
record ResumeRequest(String token, long position) {

    private static final String PREFIX = "resume.";
    /** A position at which no session is. */
    static final long NOWHERE = -1;

    private static final Pattern ITEM = Pattern.compile("resume\\.([A-Za-z0-9_-]{1,512})(?:\\.(.*))?");
    private static final Pattern POSITION = Pattern.compile("0|[1-9][0-9]{0,15}");

    /** The first of these subprotocols that is one; null if none is. */
    static @Nullable ResumeRequest among(List<String> protocols) {
        for (String item : protocols) {
            if (item.startsWith(PREFIX)) {
                Matcher matcher = ITEM.matcher(item);
                return matcher.matches()
                        ? new ResumeRequest(matcher.group(1), position(matcher.group(2)))
                        : new ResumeRequest("", NOWHERE);
            }
        }
        return null;
    }

    private static long position(@Nullable String text) {
        return text != null && POSITION.matcher(text).matches() ? Long.parseLong(text) : NOWHERE;
    }

    @Override
    public String toString() {
        return "Resume[" + position + "]";
    }
}
