// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.HttpReply;
import dev.parley.json.JsonFault;
import java.util.function.Consumer;

/** What an endpoint does. Safe from any thread; must not block. */
@FunctionalInterface
interface ApiOperation {

    /**
     * Performs a call.
     *
     * @param answer is given the reply once, on any thread, unless this fails
     * @throws JsonFault if the body is not what it must be
     */
    void perform(ApiCall call, Consumer<HttpReply> answer) throws ApiRefusedException, JsonFault;
}
