// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.config.SettingException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: what a wrong one is told, and which exit code what ends with. */
public final class CommandLineInterface {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private CommandLineInterface() {}

    /** Runs what the arguments ask for, on this thread, and returns the exit code. */
    public static int run(String... args) {
        return args.length == 0 ? serve() : parser().execute(args);
    }

    /** Without arguments there is nothing to parse, and not loading the parser saves a third of the time to start. */
    private static int serve() {
        try {
            return new ServeCommand().call();
        } catch (SettingException | InterruptedException e) {
            return fail(new PrintWriter(System.err, true, Charset.defaultCharset()), e);
        }
    }

    static CommandLine parser() {
        return new CommandLine(new ParleyCommand())
                .setParameterExceptionHandler((e, arguments) -> refuse(e))
                .setExecutionExceptionHandler((e, command, result) -> fail(command.getErr(), e));
    }

    private static int refuse(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("parley: " + problem(e) + " (see: " + name + " --help)");
        return WRONG_USAGE;
    }

    private static String problem(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> meant = unmatched.getSuggestions();
            String hint = meant.isEmpty() ? "" : ", did you mean '" + meant.getFirst() + "'?";
            return "unknown argument '" + unmatched.getUnmatched().getFirst() + "'" + hint;
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
    }

    private static int fail(PrintWriter err, Exception e) {
        if (e instanceof SettingException) {
            err.println("parley: " + e.getMessage());
            return WRONG_USAGE;
        }
        err.println("parley: unexpected failure");
        e.printStackTrace(err);
        return FAILED;
    }
}
