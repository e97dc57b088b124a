// SPDX-License-Identifier: Apache-2.0
// The people in the call: what Parley's client reports about peers, and what these pages send each other.

import { Allowance } from '/allowance.js';
import { cleanName } from '/names.js';
import { Person } from '/person.js';
import { Receipts } from '/receipts.js';
import { share } from '/thrift.js';

/** Each sends its picture to each, which soon is more than a network can carry. */
const MOST = 6;

const LONGEST_TEXT = 2000;
const LONGEST_ID = 40;

/** Of a message over a data channel, in characters: a text of which each is escaped, and the rest. */
const LONGEST_MESSAGE = 16_384;

/** The receipts of this page to all others together. */
const RECEIPTS = { atOnce: 10, perSecond: 5 };

/** The most messages that one receipt of another page acknowledges. */
const MOST_IDS = 20;
const CHAT = 'chat';
const RECEIVED = 'chat-received';

/**
 * Events:
 *
 * - `change` of anything about anybody;
 * - `came` and `went` with a person;
 * - `same-name` with the names in use: somebody who was here first has the name of this user;
 * - `chat` with `person`, `text` and `isDirect`: whether it came without the server;
 * - `chat-omitted` with a person: it sends more messages than this page shows, so this one is left out;
 * - `received` with the `id` of a message and the `person` that has received it.
 */
export class Group extends EventTarget {
  /** The call had as many people as it can have, and this page stayed out. */
  isFull = false;

  /** The error code with which the server refused to let this page join; null if it did not. */
  refusal = null;
  #client;
  #call;
  #media;
  #name = '';
  #persons = new Map();
  #hasEntered = false;

  /** The state that was published last, as JSON. */
  #published = '';
  #receipts = new Receipts(new Allowance(RECEIPTS), (person, ids) => this.#acknowledge(person, ids));
  #ended = new AbortController();

  constructor(client, call, media) {
    super();
    this.#client = client;
    this.#call = call;
    this.#media = media;
    call.on('peer-joined', ({ peer }) => this.#meet(peer));
    call.on('peer-left', ({ peer }) => this.#lose(peer));
    call.on('data', ({ from, data }) => this.#receive(from, data));
    call.on('left', () => this.#changed());
    media.addEventListener('change', () => this.#shareState(), { signal: this.#ended.signal });
  }

  /** All who are here, in the order they came. */
  get people() {
    return [...this.#persons.values()].filter((person) => person.isHere);
  }

  /** Returns the person with an id; undefined if it is not here. */
  person(id) {
    return this.#persons.get(id);
  }

  /** The name that others see. */
  set name(name) {
    this.#name = name;
    this.#shareState();
  }

  async join(room) {
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
      this.#shareState();
    }
    this.#changed();
  }

  /**
   * Sends a message of the chat to everybody.
   *
   * @param id names it in the answers of those who receive it
   * @returns fulfilled when it was sent; fails with a `ParleyError` if the server refuses it
   */
  async say(id, text, isDirect) {
    const message = { type: CHAT, id, text: text.slice(0, LONGEST_TEXT) };
    if (!isDirect) {
      await this.#call.send(message);
      return;
    }
    this.people.forEach(({ chat }) => chat?.readyState === 'open' && chat.send(JSON.stringify(message)));
  }

  /** Leaves for good. */
  close() {
    this.#ended.abort();
    this.#receipts.close();
    this.#client.close();
  }

  #meet(peer) {
    const person = new Person(peer, !this.#hasEntered);
    this.#persons.set(peer.id, person);
    peer.on('state-change', ({ to }) => this.#connected(person, to));
    peer.on('away-change', () => this.#changed());
    peer.on('user-state-change', ({ userState }) => this.#describe(person, userState));
    peer.on('track', () => this.#changed());
    peer.on('track-removed', () => this.#changed());
    peer.on('stream-added', ({ stream, metadata }) => {
      person.addStream(stream, metadata?.role ?? 'camera');
      this.#changed();
    });
    peer.on('stream-removed', ({ stream }) => {
      person.removeStream(stream);
      this.#changed();
    });
    peer.on('data-channel', ({ channel }) => channel.label === CHAT && this.#useChannel(person, channel));
    peer.on('connection-reset', () => this.#openChannel(person));
    this.#openChannel(person);
    this.#changed();
  }

  /** One of each pair opens the channel for both. */
  #openChannel(person) {
    person.chat = null;
    if (!person.peer.isPolite) {
      this.#useChannel(person, person.peer.createDataChannel(CHAT));
    }
  }

  #useChannel(person, channel) {
    person.chat = channel;
    channel.onmessage = ({ data }) => this.#receiveChat(person, parse(data), true);
  }

  #receive(from, message) {
    const person = this.#persons.get(from);
    if (person) {
      this.#receiveChat(person, message, false);
    }
  }

  #receiveChat(person, message, isDirect) {
    if (message?.type === RECEIVED && Array.isArray(message.ids)) {
      message.ids.slice(0, MOST_IDS).forEach((id) => this.#tell('received', { id, person }));
    } else if (message?.type === CHAT && typeof message.text === 'string' && person.isHere) {
      this.#acceptChat(person, message, isDirect);
    }
  }

  /** A message that is not shown is not acknowledged: its sender sees that it was not received. */
  #acceptChat(person, { id, text }, isDirect) {
    if (!person.chatAllowance.tryTake()) {
      this.#tell('chat-omitted', person);
      return;
    }
    if (typeof id === 'string') {
      this.#receipts.add(person, id.slice(0, LONGEST_ID));
    }
    this.#tell('chat', { person, text: text.slice(0, LONGEST_TEXT), isDirect });
  }

  /** Over the data channel if there is one: what this page may send to the server is for what its user says. */
  #acknowledge(person, ids) {
    const receipt = { type: RECEIVED, ids };
    if (person.chat?.readyState === 'open') {
      person.chat.send(JSON.stringify(receipt));
    } else {
      person.peer.send(receipt).catch(() => undefined); // it has left, as the room reports
    }
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  #describe(person, { name, microphone, camera }) {
    person.about = { name: cleanName(name), microphone: microphone === true, camera: camera === true };
    this.#compareNames(person);
    this.#announce(person);
    this.#changed();
  }

  /** Gives way to each person once, so that nobody can make this page take one name after another. */
  #compareNames(person) {
    if (person.wasHereFirst && person.about.name === this.#name) {
      person.wasHereFirst = false;
      const taken = this.people.map(({ about }) => about.name);
      this.#tell('same-name', taken);
    }
  }

  #connected(person, state) {
    if (state === 'connected') {
      share(this.#call.peers, this.#media.screenTracks);
      this.#announce(person);
    }
    this.#changed();
  }

  #announce(person) {
    if (!person.isAnnounced && person.isHere && person.state === 'connected') {
      person.isAnnounced = true;
      this.#tell('came', person);
    }
  }

  #lose(peer) {
    const person = this.#persons.get(peer.id);
    this.#persons.delete(peer.id);
    share(this.#call.peers, this.#media.screenTracks);
    if (person?.isAnnounced && !this.#ended.signal.aborted) {
      this.#tell('went', person);
    }
    this.#changed();
  }

  /**
   * Publishes the state of this participant if it has changed, and only in a call: others do not see a page that stayed
   * out.
   */
  #shareState() {
    const state = { name: this.#name, microphone: !this.#media.isMuted, camera: this.#media.hasCamera };
    if (this.#hasEntered && JSON.stringify(state) !== this.#published) {
      this.#published = JSON.stringify(state);
      this.#call.setUserState(state);
    }
    this.#changed();
  }

  #changed() {
    if (!this.#ended.signal.aborted) {
      this.dispatchEvent(new Event('change'));
    }
  }
}

/** Returns what a message of a channel holds; null if it is not JSON, or too long. */
function parse(text) {
  if (text.length > LONGEST_MESSAGE) {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
