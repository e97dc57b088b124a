// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { shipped, startCoturn } from '../src/coturn.ts';
import { startParley } from '../src/parley.ts';
import { type Credentials, restCredentials, TurnClient } from '../src/turn.ts';

const FORBIDDEN = 403;
const BACKEND = 'sk_secret_0123456789abcdef0123456789abcdef';

/** The first, the last and some address of each range that is not of the public internet. */
const DENIED: Record<string, readonly string[]> = {
  'this network': ['0.0.0.0', '0.0.0.1', '0.255.255.255'],
  'private networks': [
    '10.0.0.0',
    '10.1.2.3',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
  ],
  carriers: ['100.64.0.0', '100.127.255.255'],
  loopback: ['127.0.0.0', '127.0.0.1', '127.1.2.3', '127.255.255.255'],
  'link-local, and the metadata service of clouds': ['169.254.0.0', '169.254.169.254', '169.254.255.255'],
  'protocol assignments': ['192.0.0.0', '192.0.0.192', '192.0.0.255', '192.88.99.0', '192.88.99.255'],
  documentation: ['192.0.2.0', '192.0.2.255', '198.51.100.0', '198.51.100.255', '203.0.113.0', '203.0.113.255'],
  benchmarks: ['198.18.0.0', '198.19.255.255'],
  multicast: ['224.0.0.0', '224.0.0.251', '239.255.255.255'],
  'reserved, and broadcast': ['240.0.0.0', '255.255.255.254', '255.255.255.255'],
  'IPv6 unspecified and loopback': ['::', '::1'],
  'IPv4 as compatible IPv6': ['::127.0.0.1', '::10.0.0.1', '::8.8.8.8'],
  'IPv4 as mapped IPv6': [
    '::ffff:0.0.0.0',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:8.8.8.8',
    '::ffff:255.255.255.255',
  ],
  'IPv4 as translated IPv6': [
    '64:ff9b::',
    '64:ff9b::7f00:1',
    '64:ff9b::ffff:ffff',
    '64:ff9b:1::',
    '64:ff9b:1:ffff:ffff:ffff:ffff:ffff',
  ],
  'IPv4 in 6to4': ['2002::', '2002:7f00:1::1', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'IPv6 discard': ['100::', '100::ffff:ffff:ffff:ffff'],
  'IPv6 protocol assignments, Teredo': ['2001::', '2001::7f00:1', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'IPv6 documentation': [
    '2001:db8::',
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '3fff::',
    '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff',
  ],
  'IPv6 segment routing': ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'IPv6 private networks': ['fc00::', 'fd00:ec2::254', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'IPv6 link-local': ['fe80::', 'fe80::1', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'IPv6 site-local': ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'IPv6 multicast': ['ff00::', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
};

/** Addresses right beside denied ranges, and others of the public internet. Nothing is sent to them. */
const PUBLIC = [
  '1.0.0.0', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0',
  '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.0.3.0', '192.167.255.255',
  '192.169.0.0', '198.17.255.255', '198.20.0.0', '203.0.112.255', '203.0.114.0', '223.255.255.255',
  '2001:200::', '2001:db7:ffff::1', '2001:db9::', '2003::', '2606:4700::1111',
]; // prettier-ignore

/** A client of this coturn with a relay address of the family. */
async function allocated(port: number, credentials: Credentials, family: 4 | 6 = 4): Promise<TurnClient> {
  const client = await TurnClient.connect(family === 4 ? '127.0.0.1' : '::1', port);
  expect(await client.allocate(credentials, family)).toMatchObject({ error: 0 });
  return client;
}

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

describe('coturn with the shipped configuration', () => {
  test.each(['udp', 'tcp'] as const)(
    'gives a relay to who brings credentials of the shared secret, over %s',
    async (over) => {
      const secret = randomBytes(32).toString('hex');
      const { port } = await startCoturn({ secret });
      const client = await TurnClient.connect('127.0.0.1', port, over);
      const answer = await client.allocate(restCredentials(secret));
      expect(answer).toMatchObject({ error: 0, hasIntegrity: true, hasFingerprint: true });
      expect(await client.release()).toMatchObject({ error: 0 });
    },
  );

  test('gives a relay for the credentials that Parley hands out, and for nothing made of them', async () => {
    const secret = randomBytes(32).toString('hex');
    const [{ port }, parley] = await Promise.all([
      startCoturn({ secret }),
      startParley({
        configuration: `
apps: [{id: demo, secretKeys: [{id: sk_id_backend, secret: ${BACKEND}, turn: true}]}]
iceServers:
  - {urls: ["turn:turn.example.com"], secret: ${secret}, ttl: 1m}
  - {urls: ["turn:turn.example.com"], secret: ${secret.toUpperCase()}}
`,
      }),
    ]);
    const answer = await fetch(`${parley.page}/v1/ice-servers`, {
      headers: { Authorization: `Bearer sk_id_backend:${BACKEND}` },
    });
    const [shared, ofAnotherSecret] = ((await answer.json()) as { iceServers: Credentials[] }).iceServers;
    await allocated(port, shared!);
    const refused = async (credentials: Credentials): Promise<number> =>
      (await (await TurnClient.connect('127.0.0.1', port)).allocate(credentials)).error;
    expect(await refused(ofAnotherSecret!)).toBe(401);
    const [end, id] = shared!.username.split(':');
    expect(await refused({ ...shared!, username: `${Number(end) + 1}:${id}` })).toBe(401);
    expect(await refused({ ...shared!, credential: ofAnotherSecret!.credential })).toBe(401);
  });

  test('refuses who brings none, and ended, altered and foreign credentials', async () => {
    const secret = randomBytes(32).toString('hex');
    const { port } = await startCoturn({ secret });
    const refused = async (credentials: Credentials): Promise<number> =>
      (await (await TurnClient.connect('127.0.0.1', port)).allocate(credentials)).error;
    const good = restCredentials(secret);
    const [end, id] = good.username.split(':');
    expect(await (await TurnClient.connect('127.0.0.1', port)).allocateAsAnybody()).toMatchObject({ error: 401 });
    expect(await refused(restCredentials(secret, { endsIn: -10 }))).toBe(401);
    expect(await refused({ ...good, username: `${Number(end) + 3600}:${id}` })).toBe(401);
    expect(await refused({ ...good, username: `${end}:${id}x` })).toBe(401);
    expect(await refused({ ...good, credential: restCredentials(secret).credential })).toBe(401);
    expect(await refused(restCredentials(`${secret}x`))).toBe(401);
    expect(await refused(restCredentials(''))).toBe(401);
    expect(await refused(good)).toBe(0);
  });

  test('relays to no address that is not of the public internet, by permission or by channel', async () => {
    const secret = randomBytes(32).toString('hex');
    const { port } = await startCoturn({ secret });
    const clients = {
      4: await allocated(port, restCredentials(secret)),
      6: await allocated(port, restCredentials(secret), 6),
    };
    const wrong: string[] = [];
    let channel = 0x4000;
    for (const [range, addresses] of Object.entries(DENIED)) {
      for (const address of addresses) {
        const client = clients[familyOf(address)];
        const permission = await client.createPermission(address);
        const bound = await client.bindChannel(address, channel++);
        if (permission.error !== FORBIDDEN || bound.error !== FORBIDDEN) {
          wrong.push(`${address} (${range}): ${permission.error}, ${bound.error}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('relays to addresses of the public internet, also right beside what it denies', async () => {
    const secret = randomBytes(32).toString('hex');
    const { port } = await startCoturn({ secret });
    const clients = {
      4: await allocated(port, restCredentials(secret)),
      6: await allocated(port, restCredentials(secret), 6),
    };
    const refused: string[] = [];
    for (const address of PUBLIC) {
      const { error } = await clients[familyOf(address)].createPermission(address);
      if (error) {
        refused.push(`${address}: ${error}`);
      }
    }
    expect(refused).toEqual([]);
  });

  test('every range it denies is tried by these tests', async () => {
    const ranges = [...(await readFile(shipped, 'utf8')).matchAll(/^denied-peer-ip=([^-\n]+)/gm)].map(
      (match) => match[1]!,
    );
    expect(ranges.length).toBeGreaterThan(20);
    const tried = Object.values(DENIED).flat();
    const canonical = (address: string): string =>
      familyOf(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
    const firsts = new Set(tried.map(canonical));
    expect(ranges.filter((first) => !firsts.has(canonical(first)))).toEqual([]);
  });

  test('one set of credentials gets so many relays and no more', async () => {
    const secret = randomBytes(32).toString('hex');
    const { port } = await startCoturn({ secret });
    const quota = Number(/^user-quota=(\d+)$/m.exec(await readFile(shipped, 'utf8'))![1]);
    const credentials = restCredentials(secret);
    for (let count = 0; count < quota; count++) {
      await allocated(port, credentials);
    }
    const oneMore = await TurnClient.connect('127.0.0.1', port);
    expect(await oneMore.allocate(credentials)).toMatchObject({ error: 486 });
    await allocated(port, restCredentials(secret));
  });

  test('does not say which program it is', async () => {
    const { port } = await startCoturn({ secret: randomBytes(32).toString('hex') });
    const answer = await (await TurnClient.connect('127.0.0.1', port)).binding();
    expect(answer).toMatchObject({ error: 0, software: undefined });
  });

  test('its secret is on no command line', async () => {
    const secret = randomBytes(32).toString('hex');
    const { id } = await startCoturn({ secret });
    const commandLine = await readFile(`/proc/${id}/cmdline`, 'utf8');
    expect(commandLine).toContain('turnserver');
    expect(commandLine).not.toContain(secret);
  });

  test('for tests it relays to loopback when it is configured to', async () => {
    const secret = randomBytes(32).toString('hex');
    const { port } = await startCoturn({ secret, allowLoopbackPeers: true });
    const peer = createSocket('udp4');
    onTestFinished(() => void peer.close());
    peer.bind(0, '127.0.0.1');
    await once(peer, 'listening');
    const client = await allocated(port, restCredentials(secret));
    expect(await client.createPermission('127.0.0.1')).toMatchObject({ error: 0 });
    const arrived = once(peer, 'message');
    client.send('127.0.0.1', (peer.address() as AddressInfo).port, Buffer.from('through the relay'));
    expect(String((await arrived)[0])).toBe('through the relay');
  });
});
