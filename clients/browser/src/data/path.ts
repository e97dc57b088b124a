// SPDX-License-Identifier: Apache-2.0
import type { RemotePeer } from '../index.js';
import { type Fields, fields, text } from '../wire.js';
import { decode, encode, type Frame, fromBase64, toBase64 } from './frame.js';

/** The longest control message that is read, in UTF-16 units. */
const LONGEST_CONTROL = 1000;

/** How long control messages are collected over the server, in milliseconds: a hostile peer may greet often. */
const CONTROL_MS = 100;

/** The largest payload that is sent over the server, in bytes: with what is around it, it fits into 64 KiB. */
const MOST_OVER_SERVER = 32 << 10;

/** What a path reports to its channel. */
export interface PathParty {
  /** The other side can be reached. */
  onOpen(path: Path): void;

  /** There is room for the next frame. */
  onRoom(path: Path): void;
  onControl(path: Path, control: Fields): void;
  onFrame(path: Path, frame: Frame): void;

  /** What was sent last may not arrive. */
  onFail(path: Path): void;
}

/** A way to the other side of a channel. */
export interface Path {
  /** Whether the other side knows this one, and has said what it has received: frames are sent only then. */
  isReady: boolean;

  /** The number of the frame that is sent next. */
  next: number;

  /** Sends a greeting or an acknowledgement. */
  control(control: object): void;

  /** Sends a frame, unless there is no room for it now. Returns whether it was sent. */
  send(frame: Frame): boolean;

  /** Closes the path, which reports nothing after that. */
  end(): void;
}

/** A data channel between the browsers. */
export class DirectPath implements Path {
  isReady = false;
  next = 0;
  readonly #channel: RTCDataChannel;

  constructor(channel: RTCDataChannel, party: PathParty) {
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => party.onOpen(this);
    channel.onclose = () => party.onFail(this);
    channel.onmessage = ({ data }) => {
      if (typeof data === 'string') {
        party.onControl(this, parse(data));
      } else {
        const frame = decode(new Uint8Array(data as ArrayBuffer));
        if (frame) {
          party.onFrame(this, frame);
        }
      }
    };
  }

  get isOpen(): boolean {
    return this.#channel.readyState === 'open';
  }

  control(control: object): void {
    this.#write(JSON.stringify(control));
  }

  send(frame: Frame): boolean {
    return this.#write(encode(frame));
  }

  end(): void {
    const channel = this.#channel;
    channel.onopen = channel.onclose = channel.onmessage = null;
    channel.close();
  }

  /** A channel that has just closed throws: it reports that next. */
  #write(data: string | Uint8Array): boolean {
    try {
      this.#channel.send(data as string);
      return true;
    } catch {
      return false;
    }
  }
}

/** The way over the server. */
export class ServerPath implements Path {
  isReady = false;
  next = 0;
  readonly #peer: RemotePeer;
  readonly #label: string;
  readonly #party: PathParty;
  readonly #stop: () => void;
  #isSending = false;
  #control: object | undefined;
  #flushing: ReturnType<typeof setTimeout> | undefined;

  constructor(peer: RemotePeer, label: string, party: PathParty) {
    this.#peer = peer;
    this.#label = label;
    this.#party = party;
    this.#stop = peer.on('own-message', ({ data }) => this.#receive(fields(data) ?? {}));
  }

  control(control: object): void {
    this.#control = { ...this.#control, ...control };
    this.#flushing ??= setTimeout(() => this.#flush(), CONTROL_MS);
  }

  /** One after the other, each when the server has accepted the one before. */
  send({ seq, isText, isLast, payload }: Frame): boolean {
    if (this.#isSending || !isLast || payload.length > MOST_OVER_SERVER) {
      return false;
    }
    this.#flush();
    this.#isSending = true;
    this.#say({ seq, isText, payload: toBase64(payload) }).then(
      () => {
        this.#isSending = false;
        this.#party.onRoom(this);
      },
      () => {
        this.#isSending = false;
        this.#party.onFail(this);
      },
    );
    return true;
  }

  end(): void {
    clearTimeout(this.#flushing);
    this.#stop();
  }

  #flush(): void {
    const control = this.#control;
    clearTimeout(this.#flushing);
    this.#control = this.#flushing = undefined;
    if (control) {
      this.#say(control).catch(() => this.#party.onFail(this));
    }
  }

  #say(part: object): Promise<void> {
    return this.#peer.sendOwn({ ...part, label: this.#label });
  }

  #receive(part: Fields): void {
    if (part.label !== this.#label) {
      return;
    }
    const { seq, isText, payload } = part;
    if (payload === undefined) {
      this.#party.onControl(this, part);
    } else if (Number.isSafeInteger(seq)) {
      this.#party.onFrame(this, {
        seq: seq as number,
        isText: isText === true,
        isLast: true,
        payload: fromBase64(text(payload)),
      });
    }
  }
}

function parse(control: string): Fields {
  try {
    return (control.length <= LONGEST_CONTROL && fields(JSON.parse(control))) || {};
  } catch {
    return {};
  }
}
