// SPDX-License-Identifier: Apache-2.0
package dev.parley.conformance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands every test class the one {@link Server}, which is stopped after the last of them. */
final class ServerUnderTest implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Server.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return of(context);
    }

    static Server of(ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(ServerUnderTest.class))
                .computeIfAbsent(Server.class, type -> Server.underTest(), Server.class);
    }
}
