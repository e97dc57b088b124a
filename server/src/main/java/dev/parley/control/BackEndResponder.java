// SPDX-License-Identifier: Apache-2.0
package dev.parley.control;

import dev.parley.core.access.BackEnd;
import dev.parley.core.port.ClientRequest;
import dev.parley.core.port.HttpReply;
import dev.parley.core.relay.AppDirectories;
import dev.parley.json.JsonFault;
import java.util.function.Consumer;

/**
 * Performs an operation for back ends. Charges what it cost to the key, also of one that fails.
 *
 * @param admission admits back ends by their secret keys
 * @param directories the peers and rooms of their apps
 * @param rates pays for what operations cost
 */
record BackEndResponder(ApiOperation operation, ApiAdmission admission, AppDirectories directories, RequestRates rates)
        implements ApiResponder {

    @Override
    public void respond(ClientRequest request, String name, byte[] body, Consumer<HttpReply> answer)
            throws ApiRefusedException, JsonFault {
        BackEnd backEnd = admission.admit(request);
        ApiCall call = new ApiCall(backEnd, directories.of(backEnd.app()), request, name, body);
        try {
            operation.perform(call, reply -> {
                charge(call);
                answer.accept(reply);
            });
        } catch (ApiRefusedException | JsonFault | RuntimeException e) {
            charge(call);
            throw e;
        }
    }

    private void charge(ApiCall call) {
        rates.charge(call.backEnd().key(), call.effort().requests());
    }
}
