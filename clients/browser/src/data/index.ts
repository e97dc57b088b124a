// SPDX-License-Identifier: Apache-2.0
export type { ChannelOptions, ChannelReason, ChannelState, DurableChannelEvents } from './channel-events.js';
export type { DurableChannel } from './durable-channel.js';
export type { ChannelMessage } from './inbox.js';
export { openChannel } from './open-channel.js';
