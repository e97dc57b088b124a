// SPDX-License-Identifier: Apache-2.0
import { Call } from '../src/index.js';
import { Bench } from './fake-server.js';

export type Frame = Record<string, unknown>;

/** A call of `me` in room `r`. */
export class Stage {
  readonly bench = new Bench();
  readonly call = new Call(this.bench.client);
  readonly events: string[] = [];
  #seq = 0;
  #seen = 0;

  constructor() {
    this.call.on('peer-joined', ({ peer }) => this.events.push(`+${peer.id}`));
    this.call.on('peer-left', ({ peer }) => this.events.push(`-${peer.id}`));
    this.call.on('data', ({ from, data }) => this.events.push(`${from}: ${JSON.stringify(data)}`));
    this.bench.client.on('direct', ({ from, data }) => this.events.push(`direct ${from}: ${JSON.stringify(data)}`));
  }

  async begin(...peers: string[]): Promise<void> {
    void this.call.join('r');
    const socket = await this.bench.connect();
    this.says({ type: 'ack', requestId: socket.ofType('subscribe')[0]?.requestId });
    this.says({ type: 'presence', channel: 'r', joined: peers.map((peerId) => ({ peerId })), left: [] });
    await this.bench.pass();
    await this.answer();
  }

  says(frame: Frame): void {
    this.bench.socket.says({ ...frame, seq: ++this.#seq });
  }

  /** A signal of a call in the room; without `to` for all instances of this peer. */
  async signals(from: string, instance: string | undefined, data: Frame, to?: string): Promise<void> {
    this.says({
      type: 'direct',
      from,
      data: { ...data, room: 'r', ...(instance && { from: instance }), ...(to && { to }) },
    });
    await this.bench.pass();
  }

  /** Accepts what was sent since the last call, and returns it in short. */
  async answer(): Promise<string[]> {
    const all = this.bench.socket.ofType('send');
    const since = all.slice(this.#seen);
    this.#seen = all.length;
    since.forEach(({ requestId }) => this.says({ type: 'ack', requestId }));
    await this.bench.pass();
    return since.map(({ to, data }) => `${(data as Frame).type} ${to}/${(data as Frame).to ?? '*'}`);
  }

  /** The instance of this client. */
  get instance(): string {
    return (this.bench.socket.ofType('send')[0]?.data as { from: string }).from;
  }

  /** Lets time pass on a connection that is alive. */
  async pass(seconds: number): Promise<string[]> {
    const sent: string[] = [];
    for (let second = 0; second < seconds; second++) {
      await this.bench.pass(1000);
      this.bench.socket.says({ type: 'pong' });
      sent.push(...(await this.answer()));
    }
    return sent;
  }
}
