// SPDX-License-Identifier: Apache-2.0
import { Events, type RemotePeer, type RemotePeerEvents } from '../src/index.js';

/** How long what is sent takes, in milliseconds. */
const DELAY = 5;

type Data = string | Uint8Array<ArrayBuffer>;

/** One end of a data channel; the test is the browser. */
export class FakeChannel {
  readyState = 'connecting';
  binaryType = 'blob';
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  other: FakeChannel | undefined;

  /** Bytes of frames that were sent. */
  sent = 0;

  constructor(
    readonly label: string,
    readonly network: FakeNetwork,
  ) {}

  send(data: Data): void {
    if (this.readyState !== 'open') {
      throw new DOMException('not open', 'InvalidStateError');
    }
    this.sent += typeof data === 'string' ? 0 : data.length;
    const { other } = this;
    this.network.carry(() => other?.receive(data));
  }

  receive(data: Data): void {
    if (this.readyState === 'open') {
      this.onmessage?.({ data: typeof data === 'string' ? data : data.slice().buffer });
    }
  }

  open(): void {
    if (this.readyState === 'connecting') {
      this.readyState = 'open';
      this.onopen?.();
    }
  }

  close(): void {
    if (this.readyState !== 'closed') {
      this.readyState = 'closed';
      const { other } = this;
      this.network.carry(() => other?.ended());
    }
  }

  ended(): void {
    if (this.readyState !== 'closed') {
      this.readyState = 'closed';
      this.onclose?.();
    }
  }
}

/** The path between the browsers: delivers in order, holds what is sent while it is lost, and drops all at a reset. */
export class FakeNetwork {
  isUp = false;
  #queue: (() => void)[] = [];
  #life = 0;

  carry(deliver: () => void): void {
    const life = this.#life;
    setTimeout(() => {
      if (life === this.#life) {
        this.#queue.push(deliver);
        this.flush();
      }
    }, DELAY);
  }

  flush(): void {
    while (this.isUp && this.#queue.length > 0) {
      this.#queue.shift()?.();
    }
  }

  reset(): void {
    this.isUp = false;
    this.#life++;
    this.#queue = [];
  }
}

/** What one side has of the other. */
export class FakePeer extends Events<RemotePeerEvents> {
  readonly ownChannels = new Map<string, FakeChannel>();
  readonly created: FakeChannel[] = [];
  state: RemotePeer['state'] = 'idle';
  other!: FakePeer;

  /** Messages over the server. */
  said = 0;

  /** What the server does with the next messages: `lose` accepts them, and does not deliver them. */
  server: 'deliver' | 'lose' | 'refuse' = 'deliver';

  constructor(
    readonly isPolite: boolean,
    readonly network: FakeNetwork,
  ) {
    super();
  }

  get it(): RemotePeer {
    return this as unknown as RemotePeer;
  }

  createDataChannel(label: string): FakeChannel {
    const channel = new FakeChannel(label, this.network);
    this.created.push(channel);
    this.announce(channel);
    return channel;
  }

  /** The other side gets the channel, once there is a path. */
  announce(channel: FakeChannel): void {
    this.network.carry(() => {
      if (channel.other || channel.readyState === 'closed') {
        return;
      }
      const end = new FakeChannel(channel.label, this.network);
      end.other = channel;
      channel.other = end;
      end.readyState = 'open';
      this.other.ownChannels.set(end.label, end);
      this.other.tell('own-channel', { channel: end as unknown as RTCDataChannel });
      channel.open();
    });
  }

  async sendOwn(data: object): Promise<void> {
    this.said++;
    const { server } = this;
    const sent = JSON.parse(JSON.stringify(data)) as object;
    await new Promise((resolve) => setTimeout(resolve, DELAY));
    if (server === 'refuse') {
      throw Object.assign(new Error(), { code: 'receiver_busy' });
    }
    if (server === 'deliver') {
      this.other.tell('own-message', { data: sent });
    }
  }

  become(state: RemotePeer['state']): void {
    const from = this.state;
    if (from !== state) {
      this.state = state;
      this.tell('state-change', { from, to: state, reason: 'path_found' });
    }
  }

  reset(): void {
    this.created.splice(0).forEach((channel) => (channel.readyState = 'closed'));
    this.become('idle');
    this.tell('connection-reset', { connection: undefined as never });
  }
}

/** Two sides that are in a call: `ann` is what Bob has of Ann. */
export class FakePair {
  readonly network = new FakeNetwork();
  readonly bob = new FakePeer(false, this.network);
  readonly ann = new FakePeer(true, this.network);

  constructor() {
    this.bob.other = this.ann;
    this.ann.other = this.bob;
  }

  /** There is a path. */
  connect(): void {
    this.network.isUp = true;
    [this.bob, this.ann].forEach((peer) => peer.become('connected'));
    this.network.flush();
  }

  /** The path is lost, and what is sent waits. */
  lose(): void {
    this.network.isUp = false;
    [this.bob, this.ann].forEach((peer) => peer.become('reconnecting'));
  }

  /** Both sides begin anew, and what was under way is lost. */
  reset(): void {
    this.network.reset();
    [this.bob, this.ann].forEach((peer) =>
      [...peer.ownChannels.values()].forEach((channel) => (channel.readyState = 'closed')),
    );
    [this.bob, this.ann].forEach((peer) => peer.reset());
  }
}
