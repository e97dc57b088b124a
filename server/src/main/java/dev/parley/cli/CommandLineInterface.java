// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: error messages and exit codes. */
public final class CommandLineInterface {

    /** Options of the command that runs where none is named. */
    private static final Set<String> SERVE_OPTIONS = Set.of("--listen", "--admin", "--config");

    private CommandLineInterface() {}

    /** Runs what the arguments ask for, on this thread, and returns the exit code. */
    public static int run(String... args) {
        // A server starts without searching every jar for commands.
        CommandLine parser = args.length > 0 && args[0].equals("serve") ? parser() : wholeParser();
        return parser.execute(args);
    }

    /** Returns the parser of the server's own commands and of those that other jars add. */
    public static CommandLine wholeParser() {
        CommandLine parser = parser();
        ServiceLoader.load(AddedCommand.class).forEach(parser::addSubcommand);
        return parser;
    }

    /** Returns the parser of the server's own commands. */
    static CommandLine parser() {
        return new CommandLine(new ParleyCommand())
                .setParameterExceptionHandler((e, arguments) -> refuse(e))
                .setExecutionExceptionHandler((e, command, result) -> CommandFailure.tell(command.getErr(), e));
    }

    private static int refuse(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("parley: " + problem(e) + " (see: " + name + " --help)");
        return CommandFailure.WRONG_USAGE;
    }

    private static String problem(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().getFirst();
            if (e.getCommandLine().getParent() == null && SERVE_OPTIONS.contains(argument.replaceFirst("=.*", ""))) {
                return "unknown argument '" + argument + "', did you mean 'serve " + argument + "'?";
            }
            List<String> meant = unmatched.getSuggestions();
            String hint = meant.isEmpty() ? "" : ", did you mean '" + meant.getFirst() + "'?";
            return "unknown argument '" + unmatched.getUnmatched().getFirst() + "'" + hint;
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
    }
}
