// SPDX-License-Identifier: Apache-2.0
// The public state of each participant: its name, and whether microphone and camera are on.
//
// A participant sends its state to each peer it meets, and to everybody whenever it changes. A peer that has sent none
// is not shown: it is about to, or it is another program.

import { cleanName } from '/names.js';

const TYPE = 'about';

/** Sends the state of this participant. */
export class PublicState {
  #call;
  #state = null;
  #isPublic = false;

  constructor(call) {
    this.#call = call;
  }

  /** Begins to send: to the peers that are in the call, and to everybody at each change from now on. */
  publish() {
    this.#isPublic = true;
    this.#call.peers.forEach((peer) => this.sendTo(peer));
  }

  /** Sends a state if it differs from the last one. */
  set(state) {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) {
      return;
    }
    this.#state = state;
    if (this.#isPublic) {
      this.#call.send({ type: TYPE, about: state }).catch(() => undefined); // closed
    }
  }

  /** Sends the state to a peer that is new in the call. */
  sendTo(peer) {
    if (this.#isPublic) {
      peer.send({ type: TYPE, about: this.#state }).catch(() => undefined); // it has left, as the room reports
    }
  }
}

/** Returns the state that a message brings; null if the message is about something else. */
export function stateIn(message) {
  if (message?.type !== TYPE) {
    return null;
  }
  const { name, microphone, camera } = message.about ?? {};
  return { name: cleanName(name), microphone: microphone === true, camera: camera === true };
}
