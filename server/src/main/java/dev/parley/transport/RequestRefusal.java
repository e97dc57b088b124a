// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Why a request is not granted. The socket is closed behind it.
 *
 * @param status the status of the answer
 * @param explanation a sentence for whoever looks at the answer
 */
record RequestRefusal(HttpResponseStatus status, String explanation) {}
