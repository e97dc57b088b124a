// SPDX-License-Identifier: Apache-2.0
// PeerServer as it comes, with room for more clients than the 5,000 it takes by itself.

import { PeerServer } from 'peer';
import { HOST, port, says } from './listen.mjs';

PeerServer({ port, host: HOST, path: '/', concurrent_limit: 100_000 }, says);
