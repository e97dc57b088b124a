// SPDX-License-Identifier: Apache-2.0
// TLS without a proxy, as browsers see it: a certificate that vouches for itself, a name that is not this machine's.

import { expect, test } from 'vitest';
import { openCall } from '../src/call.ts';
import { makeCertificate } from '../src/certificate.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serveSdkApp, storyOf } from '../src/sdk.ts';

const NAME = 'signal.example.com';

test('three tabs of the SDK play each other over wss', async () => {
  const { certificate, key } = await makeCertificate(NAME);
  const parley = await startParley({
    configuration:
      'apps: [{id: a, publishableKeys: [{id: pk, channels: ["**"], actions: [subscribe, publish, presence, send]}]}]',
    variables: { PARLEY_TLS_CERTIFICATE: certificate, PARLEY_TLS_KEY: key },
  });
  expect(parley.webSocket).toMatch(/^wss:/);
  const port = Number(new URL(parley.webSocket).port);
  const window = await openWindow({ routes: { [`${NAME}:443`]: port } });
  const open = await serveSdkApp(window);
  const tabs = await openCall(() => open(`wss://${NAME}`, { key: 'pk' }), 3);
  for (const tab of tabs) {
    const story = await storyOf(tab);
    expect(story.filter((line) => line.startsWith('peer-joined'))).toHaveLength(2);
    expect(story.filter((line) => /^(error|peer-left)/.test(line))).toEqual([]);
  }
  expect(window.complaints).toEqual([]);
});
