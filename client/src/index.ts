// SPDX-License-Identifier: Apache-2.0
export type { AbortOptions } from './abort.js';
export { ParleyClient } from './client.js';
export type { ClientEvents, ClientOptions, DirectMessage } from './client.js';
export type { Credentials, ProvidedToken, TokenProvider } from './credential.js';
export { ParleyError } from './errors.js';
export type { ErrorCode, ErrorEvent } from './errors.js';
export { Events } from './events.js';
export type { Handler } from './events.js';
export type { JoinOptions, Room, RoomEvents, RoomMessage, RoomPeer } from './room.js';
export type { WebSocketLike } from './socket.js';
export type { ClientState, LossReason, Reason, SessionLoss, StateChange } from './states.js';
export { version } from './version.js';
export type { Metadata } from './wire.js';
export { Call } from './call/call.js';
export type { CallData, CallEvents, CallOptions, CallSnapshot } from './call/call.js';
export type { PeerReason, PeerSnapshot, PeerState, RemotePeer, RemotePeerEvents } from './call/remote-peer.js';
export type { StreamMetadata } from './call/signals.js';
