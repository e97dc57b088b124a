// SPDX-License-Identifier: Apache-2.0
import type { ChannelMessage } from './inbox.js';

/**
 * - `connecting`: there is no path to the other side, or the other side has not opened the channel. What is sent is
 *   kept.
 * - `open`: messages are delivered.
 * - `closed`: for good.
 */
export type ChannelState = 'connecting' | 'open' | 'closed';

/**
 * Why the state of a channel changed. `path_found`, `path_lost`: between the two sides. `called`: this side closed it.
 * `left`: the peer, or this client, left the call. `broken_peer`: the other side sent what no channel sends.
 */
export type ChannelReason = 'path_found' | 'path_lost' | 'called' | 'left' | 'broken_peer';

/** Events of a channel. */
export interface DurableChannelEvents {
  message: { readonly data: ChannelMessage };
  'state-change': { readonly from: ChannelState; readonly to: ChannelState; readonly reason: ChannelReason };

  /**
   * So many messages were sent and not acknowledged before the other side opened the channel anew, as after a reload,
   * or the channel was closed: they may be lost.
   */
  lost: { readonly messages: number };
}

export interface ChannelOptions {
  /** Whether messages of up to 32 KiB go over the server while there is no path between the browsers. */
  readonly overServer?: boolean;
}
