// SPDX-License-Identifier: Apache-2.0

import { Group } from '/group.js';
import { OwnMedia } from '/own-media.js';
import { CallStatistics, Playback } from '/parley-media.js';
import { Server } from '/server.js';

const { Call } = globalThis.Parley;

/** How often quality and speakers are measured, in milliseconds. */
const MEASURE_MS = 500;

/** What one visit to a room needs, from its preview to its end. Nothing is connected before {@link join}. */
export class Visit {
  /** Whether the user has asked to join. */
  isJoined = false;
  playback = new Playback();

  /** @param key the publishable key of this page */
  constructor(key, room, name) {
    this.room = room;
    this.server = new Server(key);
    this.call = new Call(this.server.client);
    this.media = new OwnMedia(this.call, name);
    this.group = new Group(this.server.client, this.call, this.media);
    this.rename(name);
  }

  rename(name) {
    this.media.name = name;
    this.group.name = name;
  }

  join() {
    this.isJoined = true;
    this.statistics = new CallStatistics(this.call, { intervalMs: MEASURE_MS });
    return this.group.join(`call-${this.room}`);
  }

  close() {
    this.statistics?.stop();
    this.group.close();
    this.media.close();
  }

  /** What the state of the connection to the server is: a state of `Server`, or `full`. */
  get signaling() {
    if (this.group.isFull) {
      return 'full';
    }
    return this.group.refusal ? 'refused' : this.server.state;
  }

  /** The error code with which the server refused this page; undefined if it did not. */
  get refusal() {
    return this.server.refusal ?? this.group.refusal ?? undefined;
  }
}
