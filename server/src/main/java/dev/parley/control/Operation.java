// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.port.Reply;
import dev.parley.json.JsonFault;

/** What an endpoint does. Safe from any thread; must not block. */
@FunctionalInterface
interface Operation {

    /**
     * Does it, and answers.
     *
     * @throws JsonFault if the body is not what it must be
     */
    Reply perform(Call call) throws Refused, JsonFault;
}
