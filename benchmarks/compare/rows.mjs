// SPDX-License-Identifier: Apache-2.0
// What is measured: each row is one load, the servers that bear it in turn, and what Parley's figure may be at most, as
// a share of another's (`comparisons`, the ratio of medians) or by itself (`limits`).

const cpu = (per) => ({
  name: 'cpu',
  label: `CPU µs per ${per}`,
  of: (result) => result.server?.cpuMicrosPerOperation,
});
const latency = (percentile) => ({
  name: percentile,
  label: `${percentile}, µs`,
  of: (result) => result.latencyMicros?.[percentile],
});
const extra = (name, label) => ({ name, label, of: (result) => result.extra?.[name] });
const rate = (what) => ({
  name: 'rate',
  label: `${what} a second`,
  of: (result) => result.operations / result.seconds,
});
const user = {
  name: 'user',
  label: 'of that outside the kernel',
  of: (result) => result.server?.userMicrosPerOperation,
};

const PARLEY = { id: 'parley', server: 'parley', protocol: 'v1' };
const JSON_ROUTER = { id: 'json-router', server: 'json-router', protocol: 'v1' };
const OPAQUE_RELAY = { id: 'opaque-relay', server: 'opaque-relay', protocol: 'minimal' };
const FORWARDER = { id: 'forwarder', server: 'forwarder', protocol: 'tcp' };
const PEERJS = { id: 'peerjs', server: 'peerjs', protocol: 'peerjs' };
const SOCKET_IO = { id: 'socket-io', server: 'socket-io', protocol: 'socketio' };
const SIGNALS = ['v1', 'peerjs', 'socketio', 'tcp']; // protocols that have a signal to one peer

// Seconds. With one core for the server and the compilers of its JVM, the first few do not count.
const timed = (quick) => ({ warmup: quick ? 4 : 10, duration: quick ? 2 : 4 });

const relay = (row) => ({ figures: [cpu('message'), user, rate('messages'), latency('p50'), latency('p99')], ...row });

export const rows = (quick) => [
  relay({
    name: 'load-a',
    title: 'Signals, one in flight for each of 1,000 connections',
    what: 'v1 `send` of 1 KB without `requestId`; 500 pairs.',
    scenario: ['relay', '--connections', '1000', '--window', '1'],
    seconds: timed(quick),
    variants: [PARLEY, JSON_ROUTER, PEERJS, FORWARDER],
    fits: SIGNALS,
    comparisons: [
      { of: 'parley', to: 'json-router', figure: 'cpu', most: 0.4 },
      { of: 'parley', to: 'peerjs', figure: 'cpu', most: 0.35 },
      { of: 'parley', to: 'forwarder', figure: 'cpu', most: 2.0 },
    ],
  }),
  relay({
    name: 'load-a-ack',
    title: 'The same, acknowledged',
    what: 'v1 `send` of 1 KB with `requestId`: done when both the signal and its `ack` have arrived.',
    scenario: ['relay', '--connections', '1000', '--window', '1', '--ack'],
    seconds: timed(quick),
    variants: [PARLEY, JSON_ROUTER],
    fits: ['v1'],
    comparisons: [{ of: 'parley', to: 'json-router', figure: 'cpu', most: 0.45 }],
  }),
  relay({
    name: 'load-a-minimal',
    title: 'The same, by the minimal protocol',
    what: 'Frames of 1 KB that the server does not look into; 500 rooms of two.',
    scenario: ['relay', '--connections', '1000', '--window', '1'],
    seconds: timed(quick),
    variants: [{ ...PARLEY, protocol: 'minimal' }, OPAQUE_RELAY, FORWARDER],
    fits: ['minimal', 'tcp'],
    comparisons: [
      { of: 'parley', to: 'opaque-relay', figure: 'cpu', most: 0.55 },
      { of: 'parley', to: 'forwarder', figure: 'cpu', most: 1.8 },
    ],
  }),
  relay({
    name: 'burst',
    title: 'Signals in bursts',
    what: 'v1 `send` of 1 KB; 100 connections, 8 in flight for each.',
    scenario: ['relay', '--connections', '100', '--window', '8'],
    seconds: timed(quick),
    variants: [PARLEY, JSON_ROUTER, SOCKET_IO],
    fits: SIGNALS,
    comparisons: [
      { of: 'parley', to: 'json-router', figure: 'cpu', most: 0.2 },
      { of: 'parley', to: 'socket-io', figure: 'cpu' },
    ],
  }),
  {
    name: 'fanout',
    title: 'One to a hundred',
    what: 'One publishes 1 KB to 100 others: v1 `publish`, and frames of a room at the opaque relay.',
    scenario: ['fanout', '--members', '100'],
    seconds: timed(quick),
    figures: [cpu('delivery'), user, rate('deliveries'), latency('p50'), latency('p99')],
    variants: [PARLEY, JSON_ROUTER, OPAQUE_RELAY],
    fits: ['v1', 'minimal', 'socketio'],
    comparisons: [
      { of: 'parley', to: 'json-router', figure: 'cpu', most: 0.8 },
      { of: 'parley', to: 'opaque-relay', figure: 'cpu', most: 0.95 },
    ],
  },
  {
    name: 'handshake',
    title: 'Handshakes',
    what: 'Connect, upgrade, receive the welcome, close. The opaque relay has no welcome: the upgrade alone.',
    scenario: ['handshake', '--connections', '50'],
    seconds: timed(quick),
    figures: [cpu('handshake'), user, rate('handshakes'), latency('p50'), latency('p99')],
    variants: [{ ...PARLEY, id: 'parley-key' }, { ...PARLEY, id: 'parley-token', token: true }, OPAQUE_RELAY],
    fits: ['v1', 'minimal', 'peerjs', 'socketio'],
    comparisons: [
      { of: 'parley-key', to: 'opaque-relay', figure: 'cpu', most: 0.4 },
      { of: 'parley-token', to: 'opaque-relay', figure: 'cpu', most: 0.6 },
    ],
  },
  {
    name: 'latency',
    title: 'Latency at a steady rate',
    what: '10,000 v1 signals of 1 KB a second over 200 connections, whether or not earlier ones have arrived.',
    scenario: ['relay', '--connections', '200', '--rate', '10000'],
    seconds: timed(quick),
    figures: [latency('p50'), latency('p99'), latency('p999'), cpu('message')],
    variants: [PARLEY, JSON_ROUTER],
    fits: SIGNALS,
    comparisons: [
      { of: 'parley', to: 'json-router', figure: 'p50', most: 1.0 },
      { of: 'parley', to: 'json-router', figure: 'p99', most: 1.0 },
    ],
  },
  {
    name: 'memory',
    title: 'Memory of a connected peer',
    what:
      'Peers admitted by key and subscribed, in rooms of two, that send nothing; the JVM starts with `-Xms32m`. Live ' +
      'heap: what two collections leave, less what they left before the peers connected. PSS: of the whole process, ' +
      'before those collections.',
    kind: 'memory',
    peers: quick ? 4000 : 19_000,
    scenario: ['idle', '--connections', String(quick ? 4000 : 19_000)],
    seconds: { around: quick ? 12 : 25 },
    figures: [
      extra('heapPerPeer', 'live heap, kB a peer'),
      extra('pssPerPeer', 'PSS / peers, kB'),
      extra('pssCollectedPerPeer', 'PSS / peers after collections, kB'),
      extra('heapBefore', 'live heap without peers, kB'),
    ],
    variants: [{ ...PARLEY, javaOptions: '-Xms32m' }],
    fits: [],
    comparisons: [],
    limits: [
      { of: 'parley', figure: 'heapPerPeer', most: 2.4 },
      { of: 'parley', figure: 'pssPerPeer', most: 6 },
    ],
  },
  relay({
    name: 'continuity',
    title: 'Sessions that outlive their sockets',
    what: 'As `load-a`, by clients that ask for `parley.v1` and by clients that do not.',
    scenario: ['relay', '--connections', '1000', '--window', '1'],
    seconds: timed(quick),
    variants: [{ ...PARLEY, id: 'parley-v1', protocol: 'parley-v1' }, PARLEY],
    fits: [],
    comparisons: [{ of: 'parley-v1', to: 'parley', figure: 'cpu', most: 1.25 }],
  }),
  {
    name: 'continuity-memory',
    title: 'Memory of such a session',
    what: 'As `memory`, by clients that ask for `parley.v1` and by clients that do not.',
    kind: 'memory',
    peers: quick ? 4000 : 19_000,
    scenario: ['idle', '--connections', String(quick ? 4000 : 19_000)],
    seconds: { around: quick ? 12 : 25 },
    figures: [extra('heapPerPeer', 'live heap, kB a peer'), extra('pssPerPeer', 'PSS / peers, kB')],
    variants: [
      { ...PARLEY, id: 'parley-v1', protocol: 'parley-v1', javaOptions: '-Xms32m' },
      { ...PARLEY, javaOptions: '-Xms32m' },
    ],
    fits: [],
    comparisons: [
      { of: 'parley-v1', to: 'parley', figure: 'heapPerPeer', most: 1.5 },
      { of: 'parley-v1', to: 'parley', figure: 'pssPerPeer', most: 1.5 },
    ],
  },
  {
    name: 'join-storm',
    title: 'Everybody joins one room',
    what: `${quick ? '500' : '2,000'} peers join a room in 2 s; presence in batches, or \`presence.coalesce: 0ms\`.`,
    scenario: ['join-storm', '--connections', quick ? '500' : '2000', '--within', '2', '--warmup', quick ? '5' : '15'],
    seconds: { around: quick ? 10 : 20 },
    figures: [
      extra('presenceFrames', 'presence frames'),
      cpu('peer'),
      extra('lastRosterMillis', 'last roster after, ms'),
      extra('presenceBytes', 'presence bytes'),
    ],
    variants: [PARLEY, { ...PARLEY, id: 'parley-one-by-one', settings: 'presence: {coalesce: 0ms}\n' }],
    fits: ['v1'],
    comparisons: [
      { of: 'parley', to: 'parley-one-by-one', figure: 'presenceFrames', most: 0.05 },
      { of: 'parley', to: 'parley-one-by-one', figure: 'cpu', most: 0.25 },
    ],
    limits: [{ of: 'parley', figure: 'lastRosterMillis', most: 500 }],
  },
  {
    name: 'reconnect-storm',
    title: 'Everybody comes back',
    what: `${quick ? '2,000' : '19,000'} peers in rooms of two lose their connections at once and come back.`,
    scenario: ['reconnect-storm', '--connections', quick ? '2000' : '19000'],
    seconds: { around: quick ? 6 : 25 },
    figures: [cpu('peer'), user, extra('backMillis', 'all back after, ms')],
    variants: [PARLEY, JSON_ROUTER],
    fits: ['v1'],
    comparisons: [{ of: 'parley', to: 'json-router', figure: 'cpu', most: 0.6 }],
  },
  {
    name: 'start-up',
    title: 'Start',
    what:
      'From `./parley` without settings to the first answered `/health`, with the start-up cache; a bare `ws` server ' +
      'in Node to ' +
      'where it listens. Neither is pinned to a core.',
    kind: 'start-up',
    runs: quick ? 3 : 10,
    scenario: [],
    seconds: { around: 1 },
    figures: [extra('millis', 'ms')],
    variants: [
      { id: 'parley', server: 'parley' },
      { id: 'node-ws', server: 'bare' },
    ],
    fits: [],
    comparisons: [{ of: 'parley', to: 'node-ws', figure: 'millis', most: 1.5 }],
  },
];

export const PROTOCOLS = ['v1', 'minimal', 'peerjs', 'socketio', 'tcp'];
