// SPDX-License-Identifier: Apache-2.0
// The connection to the server, v1: who is in our channel, messages to and from them, and connecting again.

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;

/** After so much silence of the server we ask whether it is there, and if it then does not answer for so long it is not. */
const QUIET_MS = 20_000;
const ANSWER_MS = 15_000;
const LOOK_MS = 2500;

/** Bad key, nothing allowed, switched off, sent away: trying again would not help. */
const FINAL_CODES = [4001, 4003, 4012, 4020];

export class Signaling extends EventTarget {
  /**
   * `connecting`, `connected`, `lost`, `refused` or `closed`. Events:
   * `state` tells of a change;
   * `roster` gives the ids of all others each time we have entered the channel, ours being a new one each time;
   * `left` gives an id that is no more; `message` gives `from`, an id, and `data`, what that client said.
   */
  state = 'connecting';

  /** What the server gave us to find ways through firewalls with. */
  iceServers = [];
  #url;
  #channel;
  #socket = null;
  #hasRoster = false;
  #tries = 0;
  #retry = 0;
  #watch;
  #heardAt = 0;

  /** When we asked what is not answered yet; null: nothing. Silence alone says nothing, our own timers may have slept. */
  #askedAt = null;
  #hurry = () => this.#retryNow();

  constructor(url, channel) {
    super();
    this.#url = url;
    this.#channel = channel;
    addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    this.#watch = setInterval(() => this.#look(), LOOK_MS);
    this.#connect();
  }

  /** Says it to one other, if there is a connection to say it on. */
  send(to, data) {
    this.#write({ type: 'send', to, data });
  }

  /** Says it to all others in the channel. */
  publish(data) {
    this.#write({ type: 'publish', channel: this.#channel, data });
  }

  close() {
    this.#end('closed');
    this.#socket?.close();
  }

  #connect() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#hasRoster = false;
    this.#heardAt = Date.now();
    this.#askedAt = Date.now();
    socket.onmessage = ({ data }) => this.#socket === socket && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => this.#socket === socket && this.#closed(code);
  }

  #write(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #receive(message) {
    this.#heardAt = Date.now();
    this.#askedAt = null;
    switch (message.type) {
      case 'welcome':
        this.iceServers = message.metadata?.iceServers ?? this.iceServers;
        this.#write({ type: 'subscribe', channel: this.#channel, requestId: 'subscribe' });
        break;
      case 'presence':
        this.#present(message);
        break;
      case 'direct':
      case 'message':
        this.#tell('message', { from: message.from, data: message.data });
        break;
      case 'error':
        // Others without a request of ours to go with: that who we spoke to has just gone, and its `left` is under way.
        if (message.requestId === 'subscribe') {
          this.#end('refused');
          this.#socket.close();
        }
        break;
    }
  }

  /** The first presence after subscribing is who was there before us; later ones are changes. */
  #present({ joined, left }) {
    if (this.#hasRoster) {
      left.forEach(({ peerId }) => this.#tell('left', peerId));
      return; // who joins introduces itself
    }
    this.#hasRoster = true;
    this.#tries = 0;
    this.#enter('connected');
    this.#tell('roster', joined.map(({ peerId }) => peerId));
  }

  #look() {
    if (!this.#socket) {
      return;
    }
    if (this.#askedAt !== null) {
      if (Date.now() - this.#askedAt > ANSWER_MS) {
        this.#giveUp();
      }
    } else if (Date.now() - this.#heardAt > QUIET_MS) {
      this.#askedAt = Date.now();
      this.#write({ type: 'ping' });
    }
  }

  /** Connects again, without awaiting the socket's own event: with nobody there to answer it could be minutes away. */
  #giveUp() {
    this.#socket.close();
    this.#closed();
  }

  #closed(code) {
    this.#socket = null;
    this.#hasRoster = false;
    if (['closed', 'refused'].includes(this.state)) {
      return;
    }
    if (FINAL_CODES.includes(code)) {
      this.#end('refused');
      return;
    }
    this.#enter('lost');
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#tries++);
    this.#retry = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2));
  }

  #retryNow() {
    if (this.state === 'lost' && !this.#socket && !document.hidden) {
      clearTimeout(this.#retry);
      this.#connect();
    }
  }

  #end(state) {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    this.#enter(state);
  }

  #enter(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }

  #tell(type, detail) {
    if (!['closed', 'refused'].includes(this.state)) {
      this.dispatchEvent(new CustomEvent(type, { detail }));
    }
  }
}
