// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

/** How a connection ended, as reported to its conversation. */
public sealed interface ConnectionEnding {

    /** Returns a few words for the log. */
    default String inWords() {
        return switch (this) {
            case Left left -> "left code=" + left.number();
            case Lost lost -> "lost cause=\"" + lost.cause() + "\"";
            case Closed closed ->
                "closed code=" + closed.code().number() + " reason=\""
                        + closed.code().reason() + "\"";
        };
    }

    /**
     * The client said goodbye with a Close frame.
     *
     * @param number its close code, 1005 when it gave none
     */
    record Left(int number) implements ConnectionEnding {}

    /**
     * The connection broke or fell silent, without a goodbye.
     *
     * @param cause a few words for the log
     */
    record Lost(String cause) implements ConnectionEnding {}

    /**
     * The server closed it.
     *
     * @param code why
     */
    record Closed(CloseCode code) implements ConnectionEnding {}
}
