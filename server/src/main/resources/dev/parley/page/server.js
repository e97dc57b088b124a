// SPDX-License-Identifier: Apache-2.0
// The connection to the server: Parley's client, and a way to cut it that is the same to the client as any loss.

const { ParleyClient } = globalThis.Parley;

/** A close code without a meaning: the session waits for this client, as if the network had gone. */
const CUT = 4999;

export class Server extends EventTarget {
  client;

  /** How often the connection was lost and the session went on, and how long that last took in milliseconds. */
  resumes = { count: 0, lastMs: null };
  #socket = null;
  #lostAt = 0;

  /** Why the server closed the connection for good; null if it did not. */
  refusal = null;

  /** Events `resumed` and `lost` give how long it took: the session goes on, or a new one has begun. */
  constructor(key) {
    super();
    const webSocket = (url, protocols) => (this.#socket = new WebSocket(url, protocols));
    this.client = new ParleyClient({ key, webSocket });
    this.client.on('state-change', (change) => this.#follow(change));
  }

  /** `connecting`, `connected`, `lost`, `refused` or `closed`. */
  get state() {
    const { state } = this.client;
    if (state === 'closed') {
      return this.refusal ? 'refused' : 'closed';
    }
    return { idle: 'connecting', reconnecting: 'lost' }[state] ?? state;
  }

  /** Cuts the connection. What the client sends until it notices is gone, as on a line that is cut. */
  cut() {
    if (this.#socket) {
      this.#socket.send = () => undefined;
      this.#socket.close(CUT);
    }
  }

  #follow({ from, to, reason }) {
    this.refusal = to === 'closed' && reason !== 'called' ? reason : null;
    if (from === 'connected') {
      this.#lostAt = performance.now();
    } else if (to === 'connected' && from === 'reconnecting') {
      const ms = Math.round(performance.now() - this.#lostAt);
      if (reason === 'resumed') {
        this.resumes = { count: this.resumes.count + 1, lastMs: ms };
      }
      this.dispatchEvent(new CustomEvent(reason === 'resumed' ? 'resumed' : 'lost', { detail: { ms } }));
    }
    this.dispatchEvent(new Event('state'));
  }
}
