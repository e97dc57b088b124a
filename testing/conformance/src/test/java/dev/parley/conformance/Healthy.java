// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A {@link HealthyPair} beside all tests of a class, which fails if the pair notices anything of them. */
final class Healthy implements BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        store(context).put(HealthyPair.class, new HealthyPair(ServerUnderTest.of(context)));
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        Objects.requireNonNull(store(context).remove(HealthyPair.class, HealthyPair.class))
                .close();
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(Namespace.create(Healthy.class, context.getRequiredTestClass()));
    }
}
