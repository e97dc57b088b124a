// SPDX-License-Identifier: Apache-2.0
// The connection to the server: who is in the room, messages to and from the other side, and connecting again.

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;
const ROOM_FULL = 1013;

/**
 * How often a page that already had its place in the room asks for it again: a dead connection of its own may hold it.
 */
const FULL_TRIES = 12;

export class Signaling extends EventTarget {
  /** `connecting`, `waiting`, `paired`, `lost`, `full` or `closed`; event `state` reports a change. */
  state = 'connecting';
  #url;
  #socket = null;
  #tries = 0;
  #fullTries = FULL_TRIES; // used up until the first welcome: a room found full stays so
  #timer = 0;
  #hurry = () => this.#retryNow();

  constructor(url) {
    super();
    this.#url = url;
    addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    this.#connect();
  }

  /** Says it to the other side, if there is a connection to say it on. */
  send(message) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  /** The other side said it leaves; the server itself does not tell. */
  left() {
    if (this.state === 'paired') {
      this.#enter('waiting');
    }
  }

  close() {
    this.#enter('closed');
    clearTimeout(this.#timer);
    removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    this.#socket.close();
  }

  #connect() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.state !== 'closed') {
        this.#receive(JSON.parse(data));
      }
    };
    socket.onclose = ({ code }) => this.#closed(code);
  }

  #receive(message) {
    if (message.type === 'welcome') {
      this.#tries = 0;
      this.#fullTries = 0;
      this.#enter(message.polite ? 'paired' : 'waiting');
      if (message.polite) {
        this.#meet(true);
      }
    } else if (message.type === 'ready') {
      this.#enter('paired');
      this.#meet(false);
    } else {
      this.dispatchEvent(new CustomEvent('message', { detail: message }));
    }
  }

  /** `polite` is whether we came second. What an earlier welcome said no longer counts when another joins. */
  #meet(polite) {
    this.dispatchEvent(new CustomEvent('meet', { detail: { polite } }));
  }

  #closed(code) {
    if (this.state === 'closed') {
      return;
    }
    if (code === ROOM_FULL && this.#fullTries++ >= FULL_TRIES) {
      this.#enter('full');
      return;
    }
    this.#enter('lost');
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#tries++);
    this.#timer = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2));
  }

  #retryNow() {
    if (this.state === 'lost' && this.#socket.readyState === WebSocket.CLOSED && !document.hidden) {
      clearTimeout(this.#timer);
      this.#connect();
    }
  }

  #enter(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}
