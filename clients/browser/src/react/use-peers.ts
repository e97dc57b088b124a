// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import type { Call, PeerSnapshot } from '../index.js';
import { useStore } from './store.js';

/**
 * Returns the other participants of a call. The list and each participant in it stay the same objects until something
 * of them changes, so that `memo` works.
 */
export function usePeers(call: Call): readonly PeerSnapshot[] {
  const peers = useMemo(() => {
    let last: readonly PeerSnapshot[] = [];
    return {
      subscribe: (listener: () => void) => call.on('change', listener),
      get: () => (last = keepSame(last, call.snapshot().peers)),
    };
  }, [call]);
  return useStore(peers);
}

/** Returns the newer list with those participants of the older one that are equal, or the older one if all are. */
function keepSame(before: readonly PeerSnapshot[], now: readonly PeerSnapshot[]): readonly PeerSnapshot[] {
  const kept = now.map((peer) => before.find((it) => it.peer === peer.peer && isEqual(it, peer)) ?? peer);
  return isSameList(before, kept) ? before : kept;
}

function isEqual(one: PeerSnapshot, other: PeerSnapshot): boolean {
  const values = ({ streams, ...rest }: PeerSnapshot): unknown[] => [
    ...Object.values(rest),
    ...streams.flatMap(({ stream, metadata }) => [stream, metadata]),
  ];
  return isSameList(values(one), values(other));
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, i) => item === other[i]);
}
