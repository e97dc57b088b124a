// SPDX-License-Identifier: Apache-2.0
import { useEffect, useMemo, useState } from 'react';
import type { Call } from '../index.js';
import type { Source } from '../media/index.js';
import { LocalMediaStore, type LocalMediaStatus } from './local-media-store.js';
import { useStore } from './store.js';

export interface LocalMediaControls
  extends LocalMediaStatus, Pick<LocalMediaStore, 'start' | 'stop' | 'shareScreen' | 'stopScreen'> {}

/**
 * Camera, microphone and screen of this client in a call, switched off when the component is unmounted. What is on when
 * the call changes is started in the next one, but a shared screen.
 *
 * @param initial what is on from the beginning
 */
export function useLocalMedia(call: Call, initial: readonly Source[] = []): LocalMediaControls {
  const [wanted] = useState(() => new Map(initial.map((source) => [source, {}])));
  const store = useMemo(() => new LocalMediaStore(call, wanted), [call, wanted]);
  useEffect(store.open, [store]);
  const { start, stop, shareScreen, stopScreen } = store;
  return { ...useStore(store), start, stop, shareScreen, stopScreen };
}
