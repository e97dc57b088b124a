// SPDX-License-Identifier: Apache-2.0
package dev.parley;

import dev.parley.cli.CommandLineInterface;
import dev.parley.cli.ServingProcess;
import dev.parley.cli.StopSignals;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /**
     * Runs the command line and ends the process with its exit code. Without arguments there is nothing to parse, and
     * not loading the parser saves a third of the time to start.
     */
    public static void main(String[] args) {
        if (args.length == 0 || args[0].equals("serve")) {
            StopSignals.handle();
        }
        System.exit(args.length == 0 ? ServingProcess.run() : CommandLineInterface.run(args));
    }
}
