// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../programs/peers.mjs', import.meta.url));

/** A MeteredPeer in another process, and all it received: nothing is ever removed from these lists. */
export interface NodePeer {
  readonly id: string;
  readonly joined: string[];
  readonly left: string[];
  readonly errors: string[];
}

/** A Node process with MeteredPeers, gone after the test. */
export interface NodePeers {
  readonly peers: readonly NodePeer[];
  /** Makes so many more peers, which all join the room at once; busy for some ms right after each has asked to. */
  join(room: string, count: number, busyFor?: number): Promise<void>;
  leave(): Promise<void>;
}

export async function startNodePeers(webSocket: string, webSocketOf: 'ws' | 'undici'): Promise<NodePeers> {
  const process = fork(program, [webSocket, webSocketOf]);
  onTestFinished(() => void process.kill('SIGKILL')); // WebRTC in Node may crash on its way out
  let peers: NodePeer[] = [];
  let done = (): void => {};
  let failed = (_: Error): void => {};
  process.on('message', (message: { peers?: NodePeer[]; done?: true }) => {
    peers = message.peers ?? peers;
    if (message.done) {
      done();
    }
  });
  process.on('exit', (code, signal) => failed(new Error(`ended with ${code ?? signal}`)));
  const order = (words?: object): Promise<void> =>
    new Promise((resolve, reject) => {
      [done, failed] = [resolve, reject];
      if (words) {
        process.send(words);
      }
    });
  await order();
  return {
    get peers() {
      return peers;
    },
    join: (room, count, busyFor = 0) => order({ join: room, count, busyFor }),
    leave: () => order({ leave: true }),
  };
}
