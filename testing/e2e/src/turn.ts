// SPDX-License-Identifier: Apache-2.0
// A TURN client of our own, for asking a server what it allows: RFC 8489 (STUN) and RFC 8656 (TURN), UDP and TCP,
// long-term credentials with HMAC-SHA1 as browsers use them.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp, isIP, isIPv6 } from 'node:net';
import { onTestFinished } from 'vitest';

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const FINGERPRINT_MASK = 0x5354554e;

const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  createPermission: 0x008,
  channelBind: 0x009,
};
/** The two bits of a message's class, as they stand in its type. */
const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 };
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  software: 0x8022,
  fingerprint: 0x8028,
};
const UDP = 17;
const FAMILY = { 4: 0x01, 6: 0x02 };

/** RFC 8489 section 6.2.1: the first time to wait for an answer over UDP, doubled each time, and how often. */
const RETRANSMISSION_MS = 500;
const TRANSMISSIONS = 5;

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** The TURN REST scheme: a name that says when it ends, and its HMAC as password. */
export function restCredentials(
  secret: string,
  { endsIn = 3600, id = randomBytes(8).toString('hex') } = {},
): Credentials {
  const username = `${Math.floor(Date.now() / 1000) + endsIn}:${id}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

/** What a request came to: 0 for success, or the error's code. */
export interface Answer {
  readonly error: number;
  readonly reason: string;
  readonly attributes: ReadonlyMap<number, Buffer>;
  /** Whether it carries a correct FINGERPRINT. */
  readonly hasFingerprint: boolean;
  /** Whether it carries a correct MESSAGE-INTEGRITY of these credentials. */
  readonly hasIntegrity: boolean;
  /** What it says of the server's program. */
  readonly software: string | undefined;
}

type Attributes = readonly (readonly [type: number, value: Buffer])[];

interface Transport {
  send(message: Buffer): void;
  /** Whether messages may be lost, so that they are sent again. */
  readonly isLossy: boolean;
  receive: (message: Buffer) => void;
}

export class TurnClient {
  readonly #transport: Transport;
  readonly #pending = new Map<string, (message: Buffer) => void>();
  #credentials: Credentials | undefined;
  #realm = '';
  #nonce: Buffer = Buffer.alloc(0);
  #key: Buffer | undefined;

  private constructor(transport: Transport) {
    this.#transport = transport;
    transport.receive = (message) => this.#pending.get(message.toString('hex', 8, HEADER_BYTES))?.(message);
  }

  /** A client at its server, gone after the test. */
  static async connect(host: string, port: number, over: 'udp' | 'tcp' = 'udp'): Promise<TurnClient> {
    return new TurnClient(await (over === 'udp' ? openUdp(host, port) : openTcp(host, port)));
  }

  binding(): Promise<Answer> {
    return this.#request(METHOD.binding, []);
  }

  /** Asks for a relay address without any credentials. */
  allocateAsAnybody(): Promise<Answer> {
    return this.#request(METHOD.allocate, this.#allocation(4));
  }

  /** Asks for a relay address the way RFC 8489 section 9.2 has it: is asked for credentials, brings them. */
  async allocate(credentials: Credentials, family: 4 | 6 = 4): Promise<Answer> {
    const challenge = await this.#request(METHOD.allocate, this.#allocation(family));
    if (challenge.error !== 401 || !challenge.attributes.has(ATTRIBUTE.nonce)) {
      throw new Error(`not asked for credentials, but answered ${challenge.error} ${challenge.reason}`);
    }
    this.#realm = challenge.attributes.get(ATTRIBUTE.realm)!.toString();
    this.#nonce = challenge.attributes.get(ATTRIBUTE.nonce)!;
    this.#credentials = credentials;
    this.#key = createHash('md5').update(`${credentials.username}:${this.#realm}:${credentials.credential}`).digest();
    return this.#request(METHOD.allocate, this.#allocation(family));
  }

  /** Asks to exchange datagrams with this address. */
  createPermission(address: string): Promise<Answer> {
    return this.#request(METHOD.createPermission, [[ATTRIBUTE.xorPeerAddress, (id) => xorAddress(address, 9, id)]]);
  }

  /** The same by a channel, number 0x4000 to 0x4fff. */
  bindChannel(address: string, number: number, port = 9): Promise<Answer> {
    const channel = Buffer.alloc(4);
    channel.writeUInt16BE(number);
    return this.#request(METHOD.channelBind, [
      [ATTRIBUTE.channelNumber, channel],
      [ATTRIBUTE.xorPeerAddress, (id) => xorAddress(address, port, id)],
    ]);
  }

  /** Gives the relay address back. */
  release(): Promise<Answer> {
    return this.#request(METHOD.refresh, [[ATTRIBUTE.lifetime, Buffer.alloc(4)]]);
  }

  /** Has a datagram sent to this address; there is no answer. */
  send(address: string, port: number, datagram: Buffer): void {
    const id = randomBytes(12);
    const attributes: Attributes = [
      [ATTRIBUTE.xorPeerAddress, xorAddress(address, port, id)],
      [ATTRIBUTE.data, datagram],
    ];
    this.#transport.send(encode(METHOD.send | CLASS.indication, id, attributes));
  }

  #allocation(family: 4 | 6): [number, Buffer][] {
    return [
      [ATTRIBUTE.requestedTransport, Buffer.from([UDP, 0, 0, 0])],
      ...(family === 6
        ? [[ATTRIBUTE.requestedAddressFamily, Buffer.from([FAMILY[6], 0, 0, 0])] as [number, Buffer]]
        : []),
    ];
  }

  /** Attributes that hold an address depend on the id of the message. */
  async #request(
    method: number,
    attributes: readonly (readonly [number, Buffer | ((id: Buffer) => Buffer)])[],
  ): Promise<Answer> {
    const id = randomBytes(12);
    const known = attributes.map(([type, value]) => [type, typeof value === 'function' ? value(id) : value] as const);
    const credentials: Attributes = this.#credentials
      ? [
          [ATTRIBUTE.username, Buffer.from(this.#credentials.username)],
          [ATTRIBUTE.realm, Buffer.from(this.#realm)],
          [ATTRIBUTE.nonce, this.#nonce],
        ]
      : [];
    const message = encode(method | CLASS.request, id, [...known, ...credentials], this.#key);
    return decode(await this.#exchange(message, id), method, this.#key);
  }

  #exchange(message: Buffer, id: Buffer): Promise<Buffer> {
    const key = id.toString('hex');
    return new Promise<Buffer>((resolve, reject) => {
      let timer: NodeJS.Timeout;
      const transmit = (transmissions: number, wait: number): void => {
        this.#transport.send(message);
        timer = setTimeout(() => {
          if (transmissions < TRANSMISSIONS && this.#transport.isLossy) {
            transmit(transmissions + 1, wait * 2);
          } else {
            reject(new Error('no answer of the TURN server'));
          }
        }, wait);
      };
      this.#pending.set(key, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      transmit(1, this.#transport.isLossy ? RETRANSMISSION_MS : RETRANSMISSION_MS * 2 ** TRANSMISSIONS);
    }).finally(() => this.#pending.delete(key));
  }
}

async function openUdp(host: string, port: number): Promise<Transport> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  onTestFinished(() => void socket.close());
  socket.connect(port, host);
  await once(socket, 'connect');
  const transport: Transport = { isLossy: true, receive: () => {}, send: (message) => socket.send(message) };
  socket.on('message', (message) => transport.receive(message));
  socket.on('error', () => {}); // nobody listens there yet, or no more
  return transport;
}

async function openTcp(host: string, port: number): Promise<Transport> {
  const socket = connectTcp({ host, port, noDelay: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const transport: Transport = { isLossy: false, receive: () => {}, send: (message) => void socket.write(message) };
  let unread = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    unread = Buffer.concat([unread, bytes]);
    while (unread.length >= HEADER_BYTES && unread.length >= HEADER_BYTES + unread.readUInt16BE(2)) {
      const length = HEADER_BYTES + unread.readUInt16BE(2);
      transport.receive(unread.subarray(0, length));
      unread = unread.subarray(length);
    }
  });
  return transport;
}

/** A message, with the integrity of this key if there is one, and a fingerprint. */
function encode(type: number, id: Buffer, attributes: Attributes, key?: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(type);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  let message = Buffer.concat([header, id, ...attributes.map(([type, value]) => attribute(type, value))]);
  if (key) {
    message = Buffer.concat([message, attribute(ATTRIBUTE.messageIntegrity, integrity(message, key))]);
  }
  return withLength(Buffer.concat([message, attribute(ATTRIBUTE.fingerprint, fingerprint(message))]));
}

/** Padded to four bytes, which its length does not count. */
function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** The header's length is that of what follows it, and of so many bytes more that shall still come. */
function withLength(message: Buffer, more = 0): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(copy.length - HEADER_BYTES + more, 2);
  return copy;
}

function integrity(before: Buffer, key: Buffer): Buffer {
  return createHmac('sha1', key).update(withLength(before, 24)).digest();
}

function fingerprint(before: Buffer): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc32(withLength(before, 8)) ^ FINGERPRINT_MASK) >>> 0);
  return value;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

function decode(message: Buffer, method: number, key: Buffer | undefined): Answer {
  const type = message.readUInt16BE();
  if (type !== (method | CLASS.success) && type !== (method | CLASS.error)) {
    throw new Error(`the answer is of type ${type.toString(16)}`);
  }
  const attributes = new Map<number, Buffer>();
  let hasFingerprint = false;
  let hasIntegrity = false;
  for (let at = HEADER_BYTES; at + 4 <= message.length;) {
    const kind = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 2);
    const value = message.subarray(at + 4, at + 4 + length);
    const before = message.subarray(0, at);
    if (kind === ATTRIBUTE.fingerprint) {
      hasFingerprint = value.equals(fingerprint(before));
    } else if (kind === ATTRIBUTE.messageIntegrity && key) {
      hasIntegrity = length === 20 && timingSafeEqual(value, integrity(before, key));
    }
    attributes.set(kind, value);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const error = attributes.get(ATTRIBUTE.errorCode);
  return {
    error: error ? error[2]! * 100 + error[3]! : 0,
    reason: error?.toString('utf8', 4) ?? '',
    attributes,
    hasFingerprint,
    hasIntegrity,
    software: attributes.get(ATTRIBUTE.software)?.toString(),
  };
}

/** RFC 8489 section 14.2: family, port and address, mixed with the cookie and the id. */
function xorAddress(address: string, port: number, id: Buffer): Buffer {
  const plain = addressBytes(address);
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE);
  id.copy(mask, 4);
  const value = Buffer.alloc(4 + plain.length);
  value[1] = plain.length === 4 ? FAMILY[4] : FAMILY[6];
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  plain.forEach((byte, index) => (value[4 + index] = byte ^ mask[index]!));
  return value;
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) {
    return Buffer.from(address.split('.').map(Number));
  }
  if (isIP(address) !== 6) {
    throw new Error(`${address} is no address`);
  }
  // The URL standard writes an IPv4 address at its end as two groups.
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] => (text ? text.split(':').map((group) => parseInt(group, 16)) : []);
  const [first, last] = [groups(left), groups(right ?? '')];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
