// SPDX-License-Identifier: Apache-2.0
// The call: a link to each of the others, and who they are.
//
// The server names a client anew each time it connects, so tabs know each other by ids of their own. Who enters says
// `hello` to everybody it finds there, with the links it could go on with; each answers `met`, naming the one it could
// go on with, too. So a link outlives a lost server. Where there is none in common the one who entered starts one: each
// pair has one that came later, so they never both start. `about` tells everybody what has changed about us, `bye` that
// we leave. The messages of a link itself go by its id.

import { Link } from '/link.js';
import { anyName } from '/names.js';

/** Each sends its picture to each, which soon is more than a network bears. */
export const MOST = 6;

const LONGEST_NAME = 40;
const LONGEST_TAB = 64;

/** Some more than there can be others: who has gone without a word is here for a while. */
const MOST_PEERS = MOST + 1;

/** Another tab in the call. */
class Peer {
  /** What it is called, and whether `microphone` and `camera` are switched on. */
  about = { name: '', microphone: false, camera: false };

  /** The server's name for it; null while we do not know it to be connected to the server. */
  address = null;

  /** Null until the side that came later has started it. */
  link = null;

  /** Whether it has been seen here, so that its coming was told and its going will be. */
  hasCome = false;

  /** Of two of the same name, the one that came later takes another. */
  wasHereFirst = false;

  /** What is to be done once its link is not sound any more: who asks, by `address`, and `step`. */
  waiting = null;

  constructor(tab) {
    this.tab = tab;
  }

  /** The state of its link, `none` while there is none. */
  get state() {
    return this.link?.state ?? 'none';
  }

  describe(about) {
    const { name, microphone, camera } = about ?? {};
    this.about = { name: typeof name === 'string' ? name.slice(0, LONGEST_NAME) : '', microphone: microphone === true, camera: camera === true };
  }
}

export class Mesh extends EventTarget {
  /** The others by their tab's id. Events: `change` of anything about anybody; `came` and `went` give a peer. */
  peers = new Map();

  /** There were as many in the call as can be, and we stayed out. */
  isFull = false;
  #tab = crypto.getRandomValues(new Uint32Array(4)).join('-');
  #media;
  #signaling;
  #hasEntered = false;

  /** The addresses we said `hello` to that have not answered. */
  #greeted = new Set();
  #ended = new AbortController();

  constructor(signaling, media) {
    super();
    this.#signaling = signaling;
    this.#media = media;
    signaling.addEventListener('roster', ({ detail }) => this.#enter(detail));
    signaling.addEventListener('left', ({ detail }) => this.#lose(detail));
    signaling.addEventListener('message', ({ detail }) => this.#receive(detail.from, detail.data));
    signaling.addEventListener('state', () => signaling.state === 'lost' && this.#loseSight());
    const { signal } = this.#ended;
    media.addEventListener('video', () => this.#tellAbout(), { signal });
    media.addEventListener('microphone', () => this.#tellAbout(), { signal });
  }

  /** Leaves for good. */
  close() {
    this.#ended.abort();
    this.#signaling.publish({ type: 'bye' });
    this.peers.forEach(({ link }) => link?.close());
    this.peers.clear();
  }

  /** Whether somebody is here who has not answered yet. */
  get isAsking() {
    return this.#greeted.size > 0;
  }

  get #about() {
    const { name, isMuted, hasCamera } = this.#media;
    return { name, microphone: !isMuted, camera: hasCamera };
  }

  #tellAbout() {
    this.#signaling.publish({ type: 'about', about: this.#about });
  }

  #enter(addresses) {
    if (!this.#hasEntered && addresses.length >= MOST) {
      this.isFull = true;
      this.#signaling.close();
      return;
    }
    this.#hasEntered = true;
    this.peers.forEach((peer) => peer.link?.isSound || this.#remove(peer));
    const links = [...this.peers.values()].map(({ link }) => link.id);
    this.#greeted = new Set(addresses);
    addresses.forEach((address) =>
      this.#signaling.send(address, { type: 'hello', tab: this.#tab, about: this.#about, links }),
    );
    this.#changed();
  }

  #receive(from, message) {
    const peer = this.#at(from);
    switch (message?.type) {
      case 'hello':
        if (this.#isWelcome(from, message)) {
          this.#greet(from, message);
        }
        break;
      case 'met':
        if (this.#greeted.delete(from) && this.#isWelcome(from, message)) {
          this.#meet(from, message);
        }
        break;
      case 'about':
        if (peer) {
          peer.describe(message.about);
          this.#settleName(peer);
        }
        break;
      case 'bye':
        this.#remove(peer);
        break;
      case 'link':
        if (peer) {
          this.#pass(peer, message);
        }
        return; // a link tells of its changes itself
    }
    this.#changed();
  }

  /** Anybody in the channel can say anything: no more others than there can be, and one for each address. */
  #isWelcome(address, { tab }) {
    const isName = typeof tab === 'string' && tab.length <= LONGEST_TAB && tab !== this.#tab;
    const others = [...this.peers.values()].filter((peer) => peer.tab !== tab && peer.address !== address);
    return isName && others.length < MOST_PEERS;
  }

  /** Both sides come to the same decision: this one makes it, and says so. */
  #greet(from, message) {
    const { tab, about, links } = message;
    const link = this.peers.get(tab)?.link;
    const goesOn = link?.isSound && Array.isArray(links) && links.includes(link.id);
    if (this.#mustWait(tab, from, goesOn, () => this.#greet(from, message))) {
      return;
    }
    const peer = this.#know(tab, from, about, goesOn);
    peer.wasHereFirst = false;
    this.#signaling.send(from, { type: 'met', tab: this.#tab, about: this.#about, link: goesOn ? link.id : null });
  }

  #meet(from, message) {
    const { tab, about, link } = message;
    const goesOn = link !== null && this.peers.get(tab)?.link?.id === link;
    if (this.#mustWait(tab, from, goesOn, () => this.#meet(from, message))) {
      return;
    }
    const peer = this.#know(tab, from, about, goesOn);
    peer.wasHereFirst = true;
    this.#settleName(peer);
    if (!goesOn) {
      this.#connect(peer, crypto.getRandomValues(new Uint32Array(4)).join('-'), true);
    }
  }

  /**
   * Who does not know the id of a sound link is not the other side of it, or has closed it, which we are about to notice:
   * nobody else may end it by calling itself the same.
   */
  #mustWait(tab, address, goesOn, step) {
    const peer = this.peers.get(tab);
    const mustWait = !goesOn && Boolean(peer?.link?.isSound);
    if (mustWait) {
      peer.waiting = { address, step };
    }
    return mustWait;
  }

  #know(tab, address, about, goesOn) {
    this.peers.forEach((other) => other.address === address && other.tab !== tab && this.#remove(other));
    const peer = this.peers.get(tab) ?? new Peer(tab);
    peer.address = address;
    peer.describe(about);
    if (!goesOn) {
      peer.link?.close();
      peer.link = null;
    }
    this.peers.set(tab, peer);
    this.#share();
    return peer;
  }

  #connect(peer, id, isStarter) {
    peer.link?.close();
    peer.waiting = null;
    const say = (message) => peer.address && this.#signaling.send(peer.address, { type: 'link', id, message });
    const { iceServers } = this.#signaling;
    const link = new Link({ id, isStarter, media: this.#media, iceServers, say, others: this.peers.size });
    peer.link = link;
    this.#changed();
    link.addEventListener('state', () => {
      if (peer.state === 'connected' && !peer.hasCome) {
        peer.hasCome = true;
        this.dispatchEvent(new CustomEvent('came', { detail: peer }));
      }
      const { waiting } = peer;
      if (waiting && !link.isSound) {
        peer.waiting = null;
        waiting.step();
      }
      this.#letGo(peer);
      this.#changed();
    });
  }

  #pass(peer, { id, message }) {
    if (peer.link?.id !== id && message.description?.type === 'offer') {
      this.#connect(peer, id, false);
    }
    if (peer.link?.id === id) {
      peer.link.receive(message);
    }
  }

  /** The server has lost it. As long as there is sound and picture it may only be looking for the server. */
  #lose(address) {
    this.#greeted.delete(address);
    this.#forget((waiting) => waiting.address === address);
    const peer = this.#at(address);
    if (peer) {
      peer.address = null;
      this.#letGo(peer);
    }
    this.#changed();
  }

  #forget(isOver) {
    this.peers.forEach((peer) => {
      if (peer.waiting && isOver(peer.waiting)) {
        peer.waiting = null;
      }
    });
  }

  /** We have lost the server, and with it the others' names. */
  #loseSight() {
    this.#greeted.clear();
    this.#forget(() => true);
    this.peers.forEach((peer) => (peer.address = null));
    this.#changed();
  }

  /** Nobody waits for who is neither heard of by the server nor by us. Without the server we wait for longer. */
  #letGo(peer) {
    const isSilent = this.#signaling.state === 'connected' ? peer.state !== 'connected' : peer.state === 'failed';
    if (!peer.address && isSilent) {
      this.#remove(peer);
    }
  }

  #remove(peer) {
    if (peer && this.peers.delete(peer.tab)) {
      peer.link?.close();
      this.#share();
      if (peer.hasCome) {
        this.dispatchEvent(new CustomEvent('went', { detail: peer }));
      }
    }
  }

  #share() {
    this.peers.forEach(({ link }) => link?.share(this.peers.size));
  }

  #settleName(peer) {
    if (peer.wasHereFirst && peer.about.name === this.#media.name) {
      this.#media.name = anyName([...this.peers.values()].map(({ about }) => about.name));
      this.#tellAbout();
    }
  }

  #at(address) {
    return [...this.peers.values()].find((peer) => peer.address === address);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
