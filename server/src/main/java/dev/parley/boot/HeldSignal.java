// SPDX-License-Identifier: Apache-2.0
package dev.parley.boot;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * SIGTERM as the launcher {@code ./parley} holds it: blocked, so that it stays pending while the JVM starts, and
 * ignored, so that the JVM leaves it alone. The JDK can undo neither, so the C library is called.
 */
public final class HeldSignal {

    /** The property by which the launcher says that it holds the signal. */
    private static final String PROPERTY = "parley.heldSignal";

    private static final String NAME = "TERM";
    private static final long NUMBER = 15;
    private static final long DEFAULT_ACTION = 0;

    private HeldSignal() {}

    /** Whether the launcher holds SIGTERM. */
    public static boolean isHeld() {
        return NAME.equals(System.getProperty(PROPERTY));
    }

    /**
     * Handles SIGTERM from now on, and delivers it to the task if one is pending. Call on a thread that lives as long
     * as the process: it is the one that receives the signal.
     *
     * @throws IllegalStateException if the C library refuses
     */
    public static void release(Runnable task) {
        CLibrary library = new CLibrary();
        library.call("signal", NUMBER, DEFAULT_ACTION); // blocked still, so it does not end the process
        ProcessSignals.on(NAME, task);
        library.call("sigrelse", NUMBER, 0);
    }

    /**
     * Calls functions with up to two integer or pointer arguments. All have one shape, as linking each shape takes
     * milliseconds; what a function does not take stays in its register unread.
     */
    private static final class CLibrary {

        private final SymbolLookup symbols;
        private final MethodHandle function;

        @SuppressWarnings("restricted") // allowed by jvm.options
        CLibrary() {
            Linker linker = Linker.nativeLinker();
            this.symbols = linker.defaultLookup();
            this.function = linker.downcallHandle(
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        }

        void call(String name, long first, long second) {
            MemorySegment address = symbols.findOrThrow(name);
            int result;
            try {
                result = (int) (long) function.invokeExact(address, first, second);
            } catch (Throwable e) {
                throw new IllegalStateException(name + " failed", e);
            }
            if (result == -1) {
                throw new IllegalStateException(name + " refused signal " + first);
            }
        }
    }
}
