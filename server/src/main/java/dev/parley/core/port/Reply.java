// SPDX-License-Identifier: Apache-2.0
package dev.parley.core.port;

import java.util.Map;

/**
 * An HTTP answer.
 *
 * @param status the status code
 * @param contentType the media type of the body
 * @param headers further header fields
 * @param body the bytes of the body, not copied and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; copying a page for each answer would be waste
public record Reply(int status, String contentType, Map<String, String> headers, byte[] body) {}
