// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.List;

/** The header fields of a request. */
@FunctionalInterface
public interface RequestHeaders {

    /** No headers. */
    RequestHeaders NONE = name -> List.of();

    /** The values of the fields of that name, which is in lower case, in their order. */
    List<String> all(String name);
}
