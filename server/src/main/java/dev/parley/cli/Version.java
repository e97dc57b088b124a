// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"parley " + Build.version()};
    }
}
