// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** A {@link HealthyPair} beside the tests of a class, which fail if it notices anything of them. */
public final class Healthy implements BeforeTestExecutionCallback, AfterTestExecutionCallback, InvocationInterceptor {

    private final Opening opening;
    private final boolean isForEach;
    private final Deque<HealthyPair> pair = new ArrayDeque<>(1); // empty or one

    private interface Opening {
        HealthyPair open();
    }

    private Healthy(Opening opening, boolean isForEach) {
        this.opening = opening;
        this.isForEach = isForEach;
    }

    /** One pair of v1 from the first test to the last, on the server of the class, which an {@code AfterAll} stops. */
    public static Healthy allTheTime(IntSupplier port, String query) {
        return new Healthy(() -> HealthyPair.ofV1(port.getAsInt(), query), false);
    }

    /** The same for a server that serves the minimal protocol only. */
    static Healthy allTheTimeMinimal(IntSupplier port) {
        return new Healthy(() -> HealthyPair.ofMinimal(port.getAsInt(), "/minimal/healthy"), false);
    }

    /** A pair of v1 during each test, on a server of its own. */
    public static Healthy eachTime(IntSupplier port, String query) {
        return new Healthy(() -> HealthyPair.ofV1(port.getAsInt(), query), true);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        if (pair.isEmpty()) {
            pair.add(opening.open());
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws InterruptedException {
        if (isForEach) {
            end();
        }
    }

    /** Before the server is stopped; it is stopped in any case. */
    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        try {
            end();
        } finally {
            invocation.proceed();
        }
    }

    private void end() throws InterruptedException {
        if (!pair.isEmpty()) {
            pair.remove().close();
        }
    }
}
