// SPDX-License-Identifier: Apache-2.0
// Peers with much metadata, in several channels, that say nothing. A process.

import { serve } from './actor.mjs';
import { open } from './session.mjs';
import { mint } from './target.mjs';

const AT_ONCE = 20;

serve({
  /** Opens so many peers that hold all the channels, each with metadata of this size. */
  async start({ port, channels, count, metadataBytes, localAddress }) {
    let next = 0;
    const work = async () => {
      while (next < count) {
        const number = next++;
        const peerMetadata = { about: 'x'.repeat(metadataBytes - 12) };
        const session = await open({
          port,
          token: mint(`peer-${number}`, { peerMetadata }),
          protocol: 'v1',
          wholeBytes: 4096,
          localAddress,
        });
        for (const channel of channels) await session.subscribe(channel);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  },
});
