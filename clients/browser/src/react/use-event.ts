// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import type { Events, Handler } from '../index.js';

/**
 * Calls the handler of the latest rendering with each event of a call, a participant or a client while the component is
 * mounted.
 */
export function useEvent<Kinds, Kind extends keyof Kinds>(
  source: Events<Kinds>,
  kind: Kind,
  handler: Handler<Kinds[Kind]>,
): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => source.on(kind, (event) => latest.current(event)), [source, kind]);
}
