// SPDX-License-Identifier: Apache-2.0
import type { ErrorEvent } from '../errors.js';
import type { Metadata } from '../wire.js';
import type { RemotePeer } from './remote-peer.js';
import type { StreamMetadata } from './signals.js';
import type { UserState } from './user-state.js';

/**
 * - `idle`: there is nothing to connect for: neither side sends anything.
 * - `connecting`: looking for the first path.
 * - `connected`: sound, picture and data go from peer to peer.
 * - `reconnecting`: the path is lost, another one is being looked for.
 * - `closed`: it has left.
 */
export type PeerState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed';

/**
 * Why the state of a peer changed. `negotiating`: there is something to connect for. `path_found`, `path_lost`: between
 * the peers, whatever the server is. `reset`: one side lost its place in the call for longer than it was kept, and both
 * begin anew. `left`: the peer, or this client, left.
 */
export type PeerReason = 'negotiating' | 'path_found' | 'path_lost' | 'reset' | 'left';

/** Events of another peer in a call. */
export interface RemotePeerEvents {
  'state-change': { readonly from: PeerState; readonly to: PeerState; readonly reason: PeerReason };
  'stream-added': { readonly stream: MediaStream; readonly metadata?: StreamMetadata };
  'stream-removed': { readonly stream: MediaStream };
  track: {
    readonly track: MediaStreamTrack;
    readonly streams: readonly MediaStream[];
    readonly metadata?: StreamMetadata;
  };

  /**
   * The other side sends it no more: it was removed there, or has ended, such as that of a camera that was unplugged.
   */
  'track-removed': { readonly track: MediaStreamTrack };

  /** The other side opened it. */
  'data-channel': { readonly channel: RTCDataChannel };

  /** There is another `connection`; data channels are gone with the one before. */
  'connection-reset': { readonly connection: RTCPeerConnection };

  /** Its connection to the server was lost, or is back: `isAway`. Sound and picture go on. */
  'away-change': { readonly isAway: boolean };

  /** It has published another state of itself. */
  'user-state-change': { readonly userState: UserState };

  /** Also told by the call; once for each code. */
  error: ErrorEvent;

  /** For `parley-client/data`: the other side opened it. @internal */
  'own-channel': { readonly channel: RTCDataChannel };

  /** For `parley-client/data`: it came over the server. @internal */
  'own-message': { readonly data: unknown };
}

/**
 * What a participant is at one moment. It never changes: the same object says that nothing of the participant has
 * changed.
 */
export interface PeerSnapshot {
  readonly peer: RemotePeer;
  readonly id: string;
  readonly peerId: string;
  readonly state: PeerState;
  readonly isAway: boolean;
  readonly metadata: Metadata | undefined;
  readonly userState: UserState;
  readonly streams: readonly { readonly stream: MediaStream; readonly metadata: StreamMetadata | undefined }[];
}
