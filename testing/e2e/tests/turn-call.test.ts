// SPDX-License-Identifier: Apache-2.0
// Calls that may go through the relay only: a real coturn with the configuration Parley ships, and credentials from
// Parley.

import { describe, expect, test } from 'vitest';
import { playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startCoturn } from '../src/coturn.ts';
import { startParley } from '../src/parley.ts';
import { serveSdkApp } from '../src/sdk.ts';
import type { Page } from 'playwright-core';

const SECRET = 'shared-0123456789abcdef0123456789abcdef';

/** The kinds of the candidates its media goes through, on this side and the other. */
function wayOf(tab: Page): Promise<string[]> {
  return tab.evaluate(async () => {
    const reports = [...(await globalThis.peer.remotePeers[0]!.pc.getStats()).values()];
    const byId = new Map(reports.map((report) => [report.id, report]));
    const transport = reports.find(({ type }) => type === 'transport');
    const pair = byId.get(transport.selectedCandidatePairId);
    return [byId.get(pair.localCandidateId).candidateType, byId.get(pair.remoteCandidateId).candidateType];
  });
}

describe('a call through the relay only', () => {
  test('plays both ways with the credentials of the welcome', async () => {
    const [coturn, window] = await Promise.all([
      startCoturn({ secret: SECRET, allowLoopbackPeers: true }),
      openWindow(),
    ]);
    const open = await serveSdkApp(window);
    const parley = await startParley({
      configuration: `
apps:
  - id: demo
    publishableKeys:
      - id: pk_live_relay
        channels: ["room-*"]
        actions: [subscribe, publish, presence, send]
        origins: ["${open.origin}"]
        turn: true
iceServers:
  - {urls: ["turn:127.0.0.1:${coturn.port}?transport=udp"], secret: ${SECRET}}
`,
    });
    const tab = () => open(parley.webSocket, { key: 'pk_live_relay', room: 'room-1', relay: true });
    const first = await tab();
    const second = await tab();

    await playsVideos(first, 1);
    await playsVideos(second, 1);
    expect(await wayOf(first)).toEqual(['relay', 'relay']);
    expect(await wayOf(second)).toEqual(['relay', 'relay']);
    expect(window.complaints).toEqual([]);
  });
});
