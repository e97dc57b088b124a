// SPDX-License-Identifier: Apache-2.0

/**
 * What the server answers to a request it refuses (docs/protocol.md, `error`), and what the client itself refuses:
 *
 * - `closed`: the client or the room was closed by the application. A client that the server closed fails with why,
 *   such as `invalid_token`: one of the final {@link Reason}s;
 * - `cannot_connect`: the browser refuses to open a connection to this URL;
 * - `queue_full`: too much waits to be heard by the server;
 * - `too_big`: `data` is larger than the server takes, or a user state is larger than 1,024 bytes;
 * - `session_lost`: the session ended before the server answered; the request may or may not have been heard;
 * - `not_here`: a call says something to a peer that is not in it, or is not joined itself;
 * - `already_joined`: the call is in a room already;
 * - `room_in_use`: another call of this client is in the room;
 * - `unknown_track`: a call does not send the track that is to be replaced.
 *
 * `error` events report what happens later:
 *
 * - `token_failed`: the application's provider of tokens gave none; it is asked again;
 * - `refresh_failed`: a newer token, or ICE servers with new credentials, did not come;
 * - `media_setup_failed`: `onTransceiver` of a call threw, or the browser refuses the options of a track, which is sent
 *   without them;
 * - `bad_ice_server`: browsers refuse an ICE server, which is left out;
 * - `no_connection`: the browser makes no `RTCPeerConnection`;
 * - `negotiation_failed`: offers or answers between two peers fail, also on a new connection.
 */
export type ErrorCode =
  | 'action_not_permitted'
  | 'backend_error'
  | 'channel_full'
  | 'channel_limit_exceeded'
  | 'channel_not_authorized'
  | 'channel_reserved'
  | 'internal_error'
  | 'invalid_channel'
  | 'invalid_peer_id'
  | 'invalid_token'
  | 'malformed_message'
  | 'message_too_big'
  | 'missing_data'
  | 'over_message_quota'
  | 'peer_not_found'
  | 'receiver_busy'
  | 'token_expired'
  | 'unavailable'
  | 'unknown_type'
  | 'account_suspended'
  | 'admin_disconnect'
  | 'already_joined'
  | 'bad_ice_server'
  | 'cannot_connect'
  | 'closed'
  | 'media_setup_failed'
  | 'negotiation_failed'
  | 'no_connection'
  | 'not_here'
  | 'session_revoked'
  | 'queue_full'
  | 'refresh_failed'
  | 'room_in_use'
  | 'session_lost'
  | 'token_failed'
  | 'too_big'
  | 'unknown_track';

/** Why something was not done; {@link code} is for programs, the message for people. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';

  /** One of {@link ErrorCode}, or one that a newer server knows. */
  readonly code: ErrorCode | (string & {});

  /** What was thrown, if something was. */
  override readonly cause: unknown;

  constructor(code: ErrorCode | (string & {}), message: string = code, cause?: unknown) {
    super(message);
    this.code = code;
    this.cause = cause;
  }
}

/** What could not be done, and does not mend itself. */
export interface ErrorEvent {
  readonly error: ParleyError;
}

/**
 * Codes of requests that failed because something ended or is busy: what they were for is done again, or not needed.
 */
const PASSING = ['closed', 'peer_not_found', 'queue_full', 'receiver_busy', 'session_lost'];

export function isPassing(error: unknown): boolean {
  return PASSING.includes((error as Partial<ParleyError>).code ?? '');
}
