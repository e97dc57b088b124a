// SPDX-License-Identifier: Apache-2.0
package dev.parley.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** What all clients of a process use together. Nothing of it keeps the process alive. */
final class SharedResources {

    static final Executor EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();

    static final ClientTime TIME = new SystemTime();

    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(EXECUTOR)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private SharedResources() {}
}
