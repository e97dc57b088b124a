// SPDX-License-Identifier: Apache-2.0
import { useEffect, useMemo } from 'react';
import type { ParleyClient } from '../index.js';
import { CallMembership, type CallMembershipOptions, type CallStatus } from './call-membership.js';
import { useStore } from './store.js';

export interface UseCallOptions extends CallMembershipOptions {
  /** Made once, outside of components, and shared by all of them. */
  readonly client: ParleyClient;
  readonly room: string;

  /**
   * Whether to join, which is so by default. While it is false camera and microphone can be started already, as in a
   * lobby.
   */
  readonly enabled?: boolean;
}

/**
 * Joins the call of a room when the component is mounted, and leaves it when it is unmounted. Another room or client is
 * another call. One component of a page uses a room and hands the call to others; a second one fails with
 * `room_in_use`.
 *
 * The options of the call are read when its room or client changes.
 */
export function useCall({ client, room, enabled = true, ...options }: UseCallOptions): CallStatus {
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const membership = useMemo(
    () => new CallMembership(client, room, options, enabled ? 'joining' : 'idle'),
    [client, room],
  );
  useEffect(() => (enabled ? membership.enter() : undefined), [membership, enabled]);
  return useStore(membership);
}
