// SPDX-License-Identifier: Apache-2.0
// The RTCPeerConnections tabs have made, all of them, also those that are no more.

import type { BrowserContext, Page } from 'playwright-core';

/** From here on every tab that opens or loads remembers them. */
export async function rememberConnections(window: BrowserContext): Promise<void> {
  await window.addInitScript(() => {
    const made: RTCPeerConnection[] = [];
    Object.assign(globalThis, { made });
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }
    };
  });
}

/** Their states, in the order they were made in. */
export function connectionStates(tab: Page): Promise<string[]> {
  return tab.evaluate(() =>
    (globalThis as unknown as { made: RTCPeerConnection[] }).made.map((connection) => connection.connectionState),
  );
}
