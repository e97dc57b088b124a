// SPDX-License-Identifier: Apache-2.0
import type { ErrorEvent } from '../errors.js';
import type { Metadata } from '../wire.js';
import type { PeerSnapshot } from './peer-events.js';
import type { RemotePeer } from './remote-peer.js';

/** How a call is made. */
export interface CallOptions {
  /** What every `RTCPeerConnection` is made with. Its ICE servers come before those of the server. */
  readonly configuration?: RTCConfiguration;

  /**
   * Called once with each transceiver: with one that sends (`sendonly`) before it is negotiated, with one that receives
   * before the `track` event. Here an application sets what must not come later, such as an `RTCRtpScriptTransform`.
   * What it throws is reported as an `error` event of code `media_setup_failed`.
   */
  readonly onTransceiver?: (transceiver: RTCRtpTransceiver, peer: RemotePeer) => void;
}

/** What a peer sent over the server. */
export interface CallData {
  /**
   * The id of the participant in {@link Call.peers}; of what a peer with several sent to everybody, that of one of
   * them.
   */
  readonly from: string;
  readonly data: unknown;

  /** Whether it was sent to this client alone, or to everybody in the call. */
  readonly kind: 'direct' | 'broadcast';

  /** What the sender's token shows of it, in broadcasts if that was asked for. */
  readonly metadata?: Metadata;
}

/** Events of a call. */
export interface CallEvents {
  'peer-joined': { readonly peer: RemotePeer };
  'peer-left': { readonly peer: RemotePeer };
  data: CallData;

  /** {@link Call.snapshot} is another one. */
  change: Record<never, never>;

  /**
   * A track ended by itself: its camera was unplugged, or the user ended a screen share. Others get `track-removed`,
   * unless the handler calls {@link Call.replaceTrack}.
   */
  'track-ended': { readonly track: MediaStreamTrack; readonly stream?: MediaStream };

  /** With the peer, if it is about one. Without a handler for it, here or at the peer, it is printed to the console. */
  error: ErrorEvent & { readonly peer?: RemotePeer };

  /**
   * This client is no longer in the call: it left (`called`), `join` was aborted (`aborted`), the client was closed
   * (`closed`, or why the server closed it, such as `admin_disconnect`), or the server does not allow it, by its error
   * code.
   */
  left: { readonly reason: string };
}

/** What a call is at one moment. It never changes: the same object says that nothing has changed. */
export interface CallSnapshot {
  /** The name of the room; undefined before the call was joined. */
  readonly room: string | undefined;
  readonly peers: readonly PeerSnapshot[];
}
