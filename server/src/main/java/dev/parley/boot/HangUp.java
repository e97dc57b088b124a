// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, by which operators ask servers to read their configuration again. The JDK has a class for signals that the
 * compiler warns of whatever one says, so it is called by name.
 */
final class HangUp {

    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** Runs the task on a thread of the JVM at every SIGHUP, where there is such a signal. */
    static void run(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object run = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        task.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), run);
        } catch (ReflectiveOperationException e) {
            log.debug("no SIGHUP here", e);
        }
    }
}
