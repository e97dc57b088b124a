// SPDX-License-Identifier: Apache-2.0
export type { CallState, CallStatus } from './call-membership.js';
export type { LocalMediaStatus } from './local-media-store.js';
export { useCall } from './use-call.js';
export type { UseCallOptions } from './use-call.js';
export { useEvent } from './use-event.js';
export { useLocalMedia } from './use-local-media.js';
export type { LocalMediaControls } from './use-local-media.js';
export { usePeers } from './use-peers.js';
export { Video } from './video.js';
export type { VideoProps } from './video.js';
