// SPDX-License-Identifier: Apache-2.0
import type { RemotePeer } from '../index.js';
import type { ChannelOptions } from './channel-events.js';
import { DurableChannel } from './durable-channel.js';

/** Channels that are not closed, by peer and label. */
const opened = new WeakMap<RemotePeer, Map<string, DurableChannel>>();

/**
 * Opens a channel to a participant of a call. Both sides open it, with the same label and options, in any order. Asked
 * twice for one, it returns the same one, until that is closed.
 *
 * @param label 1 to 64 characters
 * @throws RangeError if the label is not
 */
export function openChannel(peer: RemotePeer, label: string, options: ChannelOptions = {}): DurableChannel {
  if (label.length < 1 || label.length > 64) {
    throw new RangeError(`a label has 1 to 64 characters, not ${label.length}`);
  }
  const ofPeer = opened.get(peer) ?? new Map<string, DurableChannel>();
  opened.set(peer, ofPeer);
  const known = ofPeer.get(label);
  if (known && known.state !== 'closed') {
    return known;
  }
  const channel = new DurableChannel(peer, label, options);
  ofPeer.set(label, channel);
  return channel;
}
