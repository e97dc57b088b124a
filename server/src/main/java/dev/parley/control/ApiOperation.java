// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.HttpReply;
import dev.parley.json.JsonFault;

/** What an endpoint does. Safe from any thread; must not block. */
@FunctionalInterface
interface ApiOperation {

    /**
     * Does it, and answers.
     *
     * @throws JsonFault if the body is not what it must be
     */
    HttpReply perform(ApiCall call) throws ApiRefusedException, JsonFault;
}
