// SPDX-License-Identifier: Apache-2.0
export { CallStatistics } from './call-statistics.js';
export type { CallStatisticsEvents, PeerStatistics, Quality } from './call-statistics.js';
export { MediaError } from './errors.js';
export type { MediaErrorCode } from './errors.js';
export { LocalMedia } from './local-media.js';
export type { LocalMediaEvents, Source } from './local-media.js';
export { Playback } from './playback.js';
export type { PlaybackEvents } from './playback.js';
