// SPDX-License-Identifier: Apache-2.0
// A client of v1 or parley.v1 on a raw socket, as polite or impolite as a scenario needs it.

import { frameHeader, Wire } from './wire.mjs';

/** When a client sends `received`: after so many frames, milliseconds or bytes. */
export const RECEIPTS = {
  none: undefined,
  frames: { frames: 64, ms: 1000, bytes: Infinity },
  bytes: { frames: 64, ms: 1000, bytes: 256 << 10 },
};

const SEQUENCE = /^\{"seq":(\d+),/;
const SAMPLE_BYTES = 4096; // a larger payload is not parsed
const WELCOME_MS = 30_000;

/** Returns JSON text of this many bytes. */
export const padding = (bytes) => Buffer.from(JSON.stringify('x'.repeat(Math.max(0, bytes - 2))));

/** One client over one or more sockets. */
export class Session {
  #receipts;
  #timer;
  #unreceivedFrames = 0;
  #unreceivedBytes = 0;
  #sequence = 0;
  #requests = new Map();
  #requestIds = 0;
  received = 0;
  frames = 0;
  end;

  /** Whether a frame of this length is to be parsed; unset, all up to SAMPLE_BYTES are. */
  isWanted;

  /**
   * @param options port; key or token; protocol: v1 or parley.v1; resume: token of an earlier session and its position;
   *     receipts: one of RECEIPTS; localAddress; wholeBytes; onFrame(frame or undefined, payload, length);
   *     onEnd(code, reason)
   */
  constructor(options) {
    this.options = options;
    this.isLasting = options.protocol === 'parley.v1';
    this.#receipts = options.receipts;
    this.received = options.resume?.position ?? 0;
    this.ready = new Promise((resolve, reject) => {
      this.welcomed = resolve;
      this.failed = reject;
    });
    this.ready.catch(() => {});
    const credential = options.token ? `bearer.${options.token}` : `key.${options.key}`;
    const protocols = [options.protocol, credential];
    if (options.resume) protocols.push(`resume.${options.resume.token}.${options.resume.position}`);
    const late = setTimeout(() => {
      this.failed(new Error('no welcome in time'));
      this.wire.cut();
    }, WELCOME_MS);
    this.ready.finally(() => clearTimeout(late)).catch(() => {});
    this.wire = new Wire({
      ...options,
      protocols,
      onMessage: (payload, length) => this.#take(payload, length),
      onEnd: (code, reason) => {
        clearTimeout(this.#timer);
        this.end = { code, reason };
        this.failed(new Error(`closed with ${code} ${reason}`));
        for (const { reject } of this.#requests.values()) reject(new Error(`closed with ${code} ${reason}`));
        this.#requests.clear();
        options.onEnd?.(code, reason, this);
      },
    });
  }

  #take(payload, length) {
    const isParsed = payload.length === length && length <= SAMPLE_BYTES && (this.isWanted?.(length) ?? true);
    const parsed = isParsed ? JSON.parse(payload) : undefined;
    const type = parsed?.type;
    if (type === 'welcome') {
      this.welcome = parsed;
      this.peerId = parsed.peerId;
      if (!parsed.resumed) this.received = 0;
      this.welcomed(this);
      return;
    }
    this.frames++;
    if (this.isLasting && type !== 'received' && type !== 'pong')
      this.#receipt(parsed ? parsed.seq : this.#sequenceOf(payload), length);
    if ((type === 'ack' || type === 'error') && parsed.requestId !== undefined) {
      const request = this.#requests.get(parsed.requestId);
      this.#requests.delete(parsed.requestId);
      if (request) {
        request.resolve(parsed);
        return;
      }
    }
    this.options.onFrame?.(parsed, payload, length, this);
  }

  #sequenceOf(payload) {
    const match = SEQUENCE.exec(payload.toString('latin1', 0, 32));
    return match ? Number(match[1]) : undefined;
  }

  #receipt(sequence, length) {
    if (sequence === undefined) return;
    this.received = sequence;
    if (!this.#receipts) return;
    this.#unreceivedFrames++;
    this.#unreceivedBytes += length;
    if (this.#unreceivedFrames >= this.#receipts.frames || this.#unreceivedBytes >= this.#receipts.bytes) {
      this.sendReceived();
    } else {
      this.#timer ??= setTimeout(() => this.sendReceived(), this.#receipts.ms);
    }
  }

  sendReceived() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unreceivedFrames = 0;
    this.#unreceivedBytes = 0;
    this.wire.send(`{"type":"received","seq":${this.received}}`);
  }

  get resume() {
    return { token: this.welcome.session.resumeToken, position: this.received };
  }

  /** Returns the frame of a message in two parts; `data` is JSON as bytes. */
  encode(head, data) {
    const number = this.isLasting ? `"seq":${++this.#sequence},` : '';
    const start = Buffer.from(`{${number}${JSON.stringify(head).slice(1, -1)}${data ? ',"data":' : '}'}`);
    if (!data) return [frameHeader(start.length), start];
    return [frameHeader(start.length + data.length + 1), start, data, END];
  }

  /** Sends a message that asks for no answer. Returns whether the socket takes more at once. */
  say(head, data) {
    return this.wire.writeAll(this.encode(head, data));
  }

  /** Sends a request. The promise is fulfilled with its ack or error. */
  request(head, data) {
    const requestId = String(++this.#requestIds);
    return new Promise((resolve, reject) => {
      if (this.end) {
        reject(new Error(`closed with ${this.end.code}`));
        return;
      }
      this.#requests.set(requestId, { resolve, reject });
      this.say({ ...head, requestId }, data);
    });
  }

  async subscribe(channel) {
    const answer = await this.request({ type: 'subscribe', channel });
    if (answer.type !== 'ack') throw new Error(`subscribe: ${answer.code}`);
  }
}

const END = Buffer.from('}');

/** Opens a session. Fails if no welcome comes. */
export const open = (options) => new Session(options).ready;
