// SPDX-License-Identifier: Apache-2.0
package dev.parley;

import dev.parley.cli.CommandLineInterface;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(CommandLineInterface.run(args));
    }
}
