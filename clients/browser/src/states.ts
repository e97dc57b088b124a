// SPDX-License-Identifier: Apache-2.0

/**
 * - `idle`: not connected yet.
 * - `connecting`: for the first time.
 * - `connected`: the server has welcomed this client.
 * - `reconnecting`: it was connected, and tries to be again. What is said meanwhile is kept.
 * - `closed`: for good.
 */
export type ClientState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed';

/**
 * Why a client changed its state.
 *
 * - `called`: the application asked for it.
 * - `welcome`: the server began a session; the events of the client tell if another one was lost by that.
 * - `resumed`: the session goes on, nothing is missing.
 * - `unreachable`: trying to connect came to nothing.
 * - `lost`: the connection ended, or was closed with a code that says no more.
 * - `silent`: nothing was heard, not even the answer to a question.
 * - `going_away`: the server stops.
 * - `over_concurrent_limit`: the server has all the connections it may have.
 * - `broken_server`: it said what no server of this protocol says. The session is given up.
 * - `token_failed`: the application's provider of tokens gave none.
 * - `token_expired`: with a provider the next token is tried, without one the client is closed.
 *
 * The client is closed, as trying again would not help:
 *
 * - `cannot_connect`: the browser refuses to open a connection to this URL, as a page over https may not connect to a
 *   server without TLS; or there is no WebSocket, as in Node before 22.
 * - `invalid_token`: the key or the token is not good, or not on this page.
 * - `channel_not_authorized`: the token allows nothing that its key allows.
 * - `account_suspended`: the app is disabled.
 * - `admin_disconnect`: a back end put this peer out.
 * - `session_revoked`: what the session rests on was used by somebody else, too.
 */
export type Reason =
  | 'called'
  | 'welcome'
  | 'resumed'
  | 'unreachable'
  | 'lost'
  | 'silent'
  | 'going_away'
  | 'over_concurrent_limit'
  | 'broken_server'
  | 'token_failed'
  | 'token_expired'
  | 'cannot_connect'
  | 'invalid_token'
  | 'channel_not_authorized'
  | 'account_suspended'
  | 'admin_disconnect'
  | 'session_revoked';

/** A change of state. */
export interface StateChange {
  readonly from: ClientState;
  readonly to: ClientState;
  readonly reason: Reason;

  /** The close code of the socket, if it was one that ended (docs/protocol.md, close codes). */
  readonly code?: number;

  /** The next try, if there is one, in milliseconds from now. */
  readonly retryInMs?: number;
}

/**
 * Why a session ended (docs/continuity.md, `reason`). `plain`: the server keeps none, and the connection was lost.
 * `broken`: it said what no server says.
 */
export type LossReason =
  'expired' | 'overflow' | 'state_lost' | 'replaced' | 'revoked' | 'unknown' | 'new' | 'plain' | (string & {});

/** A session ended, and another one has begun. What was said and not answered fails with `session_lost`. */
export interface SessionLoss {
  readonly reason: LossReason;

  /** Whether the peer id is the same. */
  readonly keptPeerId: boolean;
}

/** Codes that say: do not come back (docs/protocol.md and docs/continuity.md). */
export const FINAL: ReadonlyMap<number, Reason> = new Map([
  [4001, 'invalid_token'],
  [4003, 'channel_not_authorized'],
  [4012, 'account_suspended'],
  [4020, 'admin_disconnect'],
  [4501, 'session_revoked'],
]);
