// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import org.jspecify.annotations.Nullable;

/**
 * Where requests are answered.
 *
 * @param method in capitals
 * @param path as OpenAPI writes it, with at most one name in braces. The name of a channel may hold slashes as they
 *     are; any other character may stand percent-encoded in a name, and nowhere else
 * @param responder answers them
 */
record ApiEndpoint(String method, String path, ApiResponder responder) {

    private static final String CHANNEL = "{channel}";

    /** Returns the name of the endpoint in logs. */
    @Override
    public String toString() {
        return method + " " + path;
    }

    /** What the path names, as sent; empty if there is nothing to be named, null if the path is another. */
    @Nullable
    String nameIn(String asked) {
        int open = path.indexOf('{');
        if (open < 0) {
            return asked.equals(path) ? "" : null;
        }
        String before = path.substring(0, open);
        String after = path.substring(path.indexOf('}') + 1);
        boolean isFitting =
                asked.length() >= before.length() + after.length() && asked.startsWith(before) && asked.endsWith(after);
        if (!isFitting) {
            return null;
        }
        String name = asked.substring(before.length(), asked.length() - after.length());
        return name.indexOf('/') < 0 || path.contains(CHANNEL) ? name : null;
    }
}
