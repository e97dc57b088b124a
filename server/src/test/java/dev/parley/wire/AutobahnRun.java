// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import me.normanmaurer.maven.autobahntestsuite.FuzzingCaseResult;

/**
 * The Autobahn suite as a program: the URL of an echo server in, one line a case out. It is Python run by Jython and
 * needs a class path without packages named like Python's modules, as Netty's {@code io} is.
 */
public final class AutobahnRun {

    private static final List<String> GROUPS = List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*");

    /** Begins each line of a result: case, behaviour, behaviour at closing. */
    public static final String RESULT = "result ";

    /**
     * How long the suite waits for handshakes. Its own second to the answer to a Close frame is short on a busy
     * machine.
     */
    private static final int PATIENCE_SECONDS = 20;

    private AutobahnRun() {}

    public static void main(String[] args) {
        try {
            run(args[0]);
        } finally {
            System.exit(0); // the suite leaves threads behind, more so when it failed
        }
    }

    private static void run(String url) {
        Map<String, Object> patience = new HashMap<>(Map.of(
                "openHandshakeTimeout", PATIENCE_SECONDS,
                "closeHandshakeTimeout", PATIENCE_SECONDS));
        List<FuzzingCaseResult> results =
                AutobahnTestSuite.runFuzzingClient("parley", url, patience, GROUPS, new ArrayList<>());
        for (FuzzingCaseResult result : results) {
            System.out.println(RESULT + result.caseName() + " " + (Object) result.behavior() + " "
                    + (Object) result.behaviorClose());
        }
    }
}
