// SPDX-License-Identifier: Apache-2.0
// A WebSocket client on a raw socket. It can stop reading, write as fast as the socket accepts bytes, and skip
// the payload of large frames, so that many of them cost one process little.

import { randomBytes } from 'node:crypto';
import net from 'node:net';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const MASKED = 0x80;
const HEAD_BYTES = 64; // of a frame whose payload is skipped, what a caller gets to see
const EMPTY = Buffer.alloc(0);

/** Returns the header of a client's frame. The mask is zero, which leaves the payload as it is. */
export function frameHeader(length, opcode = TEXT) {
  let header;
  if (length < 126) {
    header = Buffer.alloc(6);
    header[1] = MASKED | length;
  } else if (length < 65_536) {
    header = Buffer.alloc(8);
    header[1] = MASKED | 126;
    header.writeUInt16BE(length, 2);
  } else {
    header = Buffer.alloc(14);
    header[1] = MASKED | 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  header[0] = 0x80 | opcode;
  return header;
}

/** Returns a whole frame. */
export function frame(payload, opcode = TEXT) {
  const bytes = Buffer.from(payload);
  return Buffer.concat([frameHeader(bytes.length, opcode), bytes]);
}

/**
 * Splits a stream of bytes into frames.
 *
 * <p>A payload above `wholeBytes` is not kept: the caller gets its first bytes and its length.
 */
class FrameSplitter {
  #left = EMPTY;
  #payload;
  #kept = 0;
  #length = 0;
  #missing = 0;
  #opcode = 0;

  constructor(wholeBytes, onFrame) {
    this.wholeBytes = wholeBytes;
    this.onFrame = onFrame;
  }

  take(chunk) {
    let at = 0;
    let bytes = chunk;
    if (this.#left.length > 0) {
      bytes = Buffer.concat([this.#left, chunk]);
      this.#left = EMPTY;
    }
    while (at < bytes.length) {
      if (this.#missing > 0) {
        const end = Math.min(bytes.length, at + this.#missing);
        if (this.#kept < this.#payload.length) {
          this.#kept += bytes.copy(this.#payload, this.#kept, at, end);
        }
        this.#missing -= end - at;
        at = end;
      } else {
        const headerBytes = this.#header(bytes, at);
        if (headerBytes === 0) {
          this.#left = Buffer.from(bytes.subarray(at));
          return;
        }
        at += headerBytes;
      }
      if (this.#missing === 0) this.onFrame(this.#opcode, this.#payload, this.#length);
    }
  }

  /** Returns the bytes of the header at this place, 0 if it is not complete. */
  #header(bytes, at) {
    const available = bytes.length - at;
    if (available < 2) return 0;
    let length = bytes[at + 1] & 0x7f;
    let size = 2;
    if (length === 126) {
      if (available < 4) return 0;
      length = bytes.readUInt16BE(at + 2);
      size = 4;
    } else if (length === 127) {
      if (available < 10) return 0;
      length = Number(bytes.readBigUInt64BE(at + 2));
      size = 10;
    }
    this.#opcode = bytes[at] & 0x0f;
    this.#length = length;
    this.#missing = length;
    this.#kept = 0;
    this.#payload = Buffer.allocUnsafe(length <= this.wholeBytes ? length : Math.min(length, HEAD_BYTES));
    return size;
  }
}

/** A WebSocket. `onEnd` is called once, with the code of the server's Close frame or 1006, and a reason. */
export class Wire {
  #socket;
  #head = EMPTY;
  #isUpgraded = false;
  #code = 1006;
  #reason = '';
  #slowTimer;
  isOpen = false;
  isEndedHere = false; // by this client, not by the server

  /**
   * @param options port; path; protocols; localAddress; wholeBytes: larger payloads are cut to their first bytes;
   *     readBytes: reads so many bytes at once, needed for readSlowly; onOpen(); onMessage(payload, length, opcode);
   *     onEnd(code, reason)
   */
  constructor(options) {
    const { port, host = '127.0.0.1', localAddress, readBytes } = options;
    this.options = options;
    const splitter = new FrameSplitter(options.wholeBytes ?? 1 << 20, (...all) => this.#receive(...all));
    this.splitter = splitter;
    const read = (chunk) => {
      if (this.#isUpgraded) splitter.take(chunk);
      else this.#upgrade(chunk);
    };
    const onread = readBytes && {
      buffer: Buffer.alloc(readBytes),
      callback: (length, buffer) => {
        read(Buffer.from(buffer.subarray(0, length)));
        return !this.#slowTimer; // false: nothing is read until the timer resumes the socket
      },
    };
    const socket = net.connect({ port, host, localAddress, noDelay: true, onread });
    this.#socket = socket;
    socket.on('connect', () => socket.write(this.#request()));
    if (!onread) socket.on('data', read);
    socket.on('error', (error) => (this.#reason ||= error.code ?? error.message));
    socket.on('close', () => {
      clearInterval(this.#slowTimer);
      this.isOpen = false;
      options.onEnd?.(this.#code, this.#reason);
    });
  }

  #request() {
    const { path = '/v1', protocols = [], host = '127.0.0.1', port } = this.options;
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ];
    if (protocols.length > 0) lines.push(`Sec-WebSocket-Protocol: ${protocols.join(', ')}`);
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  #upgrade(chunk) {
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const status = this.#head.toString('latin1', 0, this.#head.indexOf('\r\n'));
    if (!status.includes(' 101')) {
      this.#reason = status;
      this.#socket.destroy();
      return;
    }
    this.#isUpgraded = true;
    this.isOpen = true;
    this.options.onOpen?.();
    const rest = this.#head.subarray(end + 4);
    this.#head = EMPTY;
    if (rest.length > 0) this.splitter.take(rest);
  }

  #receive(opcode, payload, length) {
    if (opcode === TEXT || opcode === BINARY) {
      this.options.onMessage?.(payload, length, opcode);
    } else if (opcode === PING) {
      this.write(frame(payload, PONG));
    } else if (opcode === CLOSE) {
      this.#code = length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.#reason = payload.toString('utf8', 2);
      this.isOpen = false;
      if (this.#socket.writable) this.#socket.end(frame(payload.subarray(0, 2), CLOSE));
    }
  }

  /** Writes bytes that are frames already. Returns whether the socket takes more at once. */
  write(bytes) {
    return !this.#socket.destroyed && this.#socket.writable && this.#socket.write(bytes);
  }

  /** Writes several buffers that are frames together. */
  writeAll(buffers) {
    this.#socket.cork();
    let takesMore = true;
    for (const bytes of buffers) takesMore = this.write(bytes);
    this.#socket.uncork();
    return takesMore;
  }

  send(text) {
    return this.write(frame(text));
  }

  /** Bytes that wait in this process. */
  get unsent() {
    return this.#socket.writableLength;
  }

  stopReading() {
    this.#socket.pause();
  }

  /** Reads `readBytes` at each interval, in milliseconds. */
  readSlowly(interval) {
    this.#slowTimer = setInterval(() => this.#socket.resume(), interval);
  }

  close(code = 1000) {
    this.isEndedHere = true;
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.write(frame(payload, CLOSE));
    this.#socket.end();
  }

  /** Breaks the connection without a Close frame. */
  cut() {
    this.isEndedHere = true;
    this.#socket.destroy();
  }
}
