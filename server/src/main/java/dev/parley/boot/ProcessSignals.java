// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the operating system. The JDK has a class for them that the compiler warns of whatever one says, so it is
 * called by name.
 */
public final class ProcessSignals {

    private static final Logger log = LoggerFactory.getLogger(ProcessSignals.class);

    private ProcessSignals() {}

    /**
     * Runs the task on a thread of the JVM at every such signal, instead of what the JVM would do; where there is no
     * such signal, or whoever started the JVM had it ignored, nothing happens.
     *
     * @param name without {@code SIG}
     */
    public static void on(String name, Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object run = Proxy.newProxyInstance(
                    ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        task.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), run);
        } catch (InvocationTargetException e) {
            log.debug("no SIG{} here", name, e); // the JVM does not give it away
        } catch (ReflectiveOperationException e) {
            log.debug("no signals here", e);
        }
    }
}
