// SPDX-License-Identifier: Apache-2.0
package dev.parley.cli;

import dev.parley.boot.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
public final class VersionText implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"parley " + BuildInfo.version()};
    }
}
