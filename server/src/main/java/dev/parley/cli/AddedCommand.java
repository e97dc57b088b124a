// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import java.util.concurrent.Callable;

/**
 * A command that another jar adds to the command line, annotated as {@link picocli.CommandLine.Command}. It is found by
 * {@link java.util.ServiceLoader}, and its result is the exit code.
 */
public interface AddedCommand extends Callable<Integer> {}
