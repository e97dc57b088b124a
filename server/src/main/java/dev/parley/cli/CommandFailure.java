// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.SettingException;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** How a command that failed ends: what it says, and its exit code. */
final class CommandFailure {

    static final int WRONG_USAGE = 2;
    static final int FAILED = 1;

    private CommandFailure() {}

    /** Prints the failure to standard error, and returns the exit code. */
    static int tell(Exception e) {
        return tell(new PrintWriter(System.err, true, Charset.defaultCharset()), e);
    }

    /** Prints the failure there, with its stack trace if Parley itself is at fault, and returns the exit code. */
    static int tell(PrintWriter err, Exception e) {
        if (e instanceof SettingException wrong) {
            wrong.lines().forEach(line -> err.println("parley: " + line));
            return WRONG_USAGE;
        }
        err.println("parley: unexpected failure");
        e.printStackTrace(err);
        return FAILED;
    }
}
