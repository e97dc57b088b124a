// SPDX-License-Identifier: Apache-2.0
// The people in the call: what Parley's client tells of peers, and what these pages tell each other of themselves.
//
// Who enters says `about` to everybody it finds there, and they to it; then whoever changes says it anew. A peer that has said
// nothing of itself is not shown: it is about to, or it is another program.

import { anyName } from '/names.js';
import { share } from '/thrift.js';

const { Call } = globalThis.Parley;

/** Each sends its picture to each, which soon is more than a network bears. */
const MOST = 6;

const LONGEST_NAME = 40;
const LONGEST_TEXT = 2000;
const CHAT = 'chat';

/** Another one in the call. */
class Person {
  /** What it is called, and whether `microphone` and `camera` are switched on; null until it has said so. */
  about = null;

  /** What it sends; null while it sends nothing. */
  stream = null;

  /** The data channel to it, once there is one. */
  chat = null;

  /** Whether it has been seen here, so that its coming was told and its going will be. */
  hasCome = false;

  constructor(peer, wasHereFirst) {
    this.peer = peer;

    /** Of two of the same name, the one that came later takes another. */
    this.wasHereFirst = wasHereFirst;
  }

  get id() {
    return this.peer.id;
  }

  /** Of sound and picture: `idle`, `connecting`, `connected`, `reconnecting` or `closed`. */
  get state() {
    return this.peer.state;
  }

  /** Who has lost both the server and us is waited for in silence: most of them have just closed a tab. */
  get isHere() {
    return this.about !== null && !(this.peer.isAway && this.state !== 'connected');
  }

  describe(about) {
    const { name, microphone, camera } = about ?? {};
    this.about = { name: typeof name === 'string' ? name.slice(0, LONGEST_NAME) : '', microphone: microphone === true, camera: camera === true };
  }
}

export class Group extends EventTarget {
  /** There were as many in the call as can be, and we stayed out. */
  isFull = false;

  /** The error code with which the server refused to let us join; null if it did not. */
  refusal = null;
  #client;
  #media;
  #call;
  #persons = new Map();
  #hasEntered = false;
  #sent = {};
  #ended = new AbortController();

  /**
   * Events: `change` of anything about anybody; `came` and `went` give a person; `chat` gives `person`, `text` and `isDirect`:
   * whether it came without the server.
   */
  constructor(client, room, media) {
    super();
    this.#client = client;
    this.#media = media;
    this.#call = new Call(client);
    this.#call.on('peer-joined', ({ peer }) => this.#meet(peer));
    this.#call.on('peer-left', ({ peer }) => this.#miss(peer));
    this.#call.on('data', ({ from, data }) => this.#hear(from, data));
    this.#call.on('left', () => this.#changed());
    const { signal } = this.#ended;
    media.addEventListener('video', () => this.#send('video'), { signal });
    media.addEventListener('microphone', () => this.#send('microphone'), { signal });
    this.#send('video');
    this.#send('microphone');
    this.#enter(room);
  }

  /** All who are here, in the order they came. */
  get people() {
    return [...this.#persons.values()].filter((person) => person.isHere);
  }

  /** Says it to everybody. */
  say(text, isDirect) {
    const message = { type: CHAT, text: text.slice(0, LONGEST_TEXT) };
    if (isDirect) {
      this.people.forEach(({ chat }) => chat?.readyState === 'open' && chat.send(message.text));
    } else {
      this.#call.send(message).catch(() => undefined); // closed: nobody is there to be told
    }
  }

  /** Leaves for good. */
  close() {
    this.#ended.abort();
    this.#client.close();
  }

  async #enter(room) {
    try {
      await this.#call.join(room);
    } catch (error) {
      this.refusal = this.#ended.signal.aborted ? null : (error.code ?? 'internal_error');
      this.#changed();
      return;
    }
    if (this.#call.peers.size >= MOST) {
      this.isFull = true;
      this.#client.close();
    } else {
      this.#hasEntered = true;
      this.#call.peers.forEach((peer) => this.#introduce(peer));
    }
    this.#changed();
  }

  #meet(peer) {
    const person = new Person(peer, !this.#hasEntered);
    this.#persons.set(peer.id, person);
    peer.on('state-change', ({ to }) => this.#connected(person, to));
    peer.on('away-change', () => this.#changed());
    peer.on('stream-added', ({ stream }) => this.#show(person, stream));
    peer.on('stream-removed', ({ stream }) => person.stream === stream && this.#show(person, null));
    peer.on('data-channel', ({ channel }) => channel.label === CHAT && this.#open(person, channel));
    peer.on('connection-reset', () => this.#dial(person));
    this.#dial(person);
    if (this.#hasEntered) {
      this.#introduce(peer);
    }
    this.#changed();
  }

  /** One of each pair opens the channel for both. */
  #dial(person) {
    person.chat = null;
    if (!person.peer.isPolite) {
      this.#open(person, person.peer.createDataChannel(CHAT));
    }
  }

  #open(person, channel) {
    person.chat = channel;
    channel.onmessage = ({ data }) => typeof data === 'string' && this.#tellChat(person, data, true);
  }

  #introduce(peer) {
    peer.send({ type: 'about', about: this.#about }).catch(() => undefined); // gone already, as the room will tell
  }

  get #about() {
    const { name, isMuted, hasCamera } = this.#media;
    return { name, microphone: !isMuted, camera: hasCamera };
  }

  #hear(from, message) {
    const person = this.#persons.get(from);
    if (message?.type === 'about') {
      person.describe(message.about);
      this.#settleName(person);
      this.#welcome(person);
      this.#changed();
    } else if (message?.type === CHAT && typeof message.text === 'string') {
      this.#tellChat(person, message.text, false);
    }
  }

  #tellChat(person, text, isDirect) {
    if (person.isHere) {
      this.dispatchEvent(new CustomEvent('chat', { detail: { person, text: text.slice(0, LONGEST_TEXT), isDirect } }));
    }
  }

  #settleName(person) {
    if (person.wasHereFirst && person.about.name === this.#media.name) {
      this.#media.name = anyName(this.people.map(({ about }) => about.name));
      this.#tellAbout();
    }
  }

  #connected(person, state) {
    if (state === 'connected') {
      share(this.#call.peers);
      this.#welcome(person);
    }
    this.#changed();
  }

  #welcome(person) {
    if (!person.hasCome && person.isHere && person.state === 'connected') {
      person.hasCome = true;
      this.dispatchEvent(new CustomEvent('came', { detail: person }));
    }
  }

  #show(person, stream) {
    person.stream = stream;
    this.#changed();
  }

  #miss(peer) {
    const person = this.#persons.get(peer.id);
    this.#persons.delete(peer.id);
    share(this.#call.peers);
    if (person?.hasCome && !this.#ended.signal.aborted) {
      this.dispatchEvent(new CustomEvent('went', { detail: person }));
    }
    this.#changed();
  }

  /** What is new takes the place of what was sent before it; everybody else sees the same stream go on. */
  #send(kind) {
    const track = this.#media[kind];
    const before = this.#sent[kind];
    if (track && before && track !== before) {
      this.#call.replaceTrack(before, track).catch(() => undefined); // a link that is gone
    } else if (track && !before) {
      this.#call.addTrack(track, this.#media.stream, { role: 'camera' });
    }
    this.#sent[kind] = track ?? before;
    this.#tellAbout();
  }

  #tellAbout() {
    if (this.#hasEntered) {
      this.#call.send({ type: 'about', about: this.#about }).catch(() => undefined); // closed
    }
    this.#changed();
  }

  #changed() {
    if (!this.#ended.signal.aborted) {
      this.dispatchEvent(new Event('change'));
    }
  }
}
