// SPDX-License-Identifier: Apache-2.0

/** Bytes ahead of the payload: flags, and the number as a 64-bit float, big-endian. */
const HEADER = 9;
const TEXT = 1;
const LAST = 2;

/** The payload of each part of a message but the last, in bytes: every browser takes frames of 64 KiB. */
export const PART = (64 << 10) - HEADER;

/** The longest message, in bytes. */
export const LONGEST_MESSAGE = 16 << 20;

/** A numbered part of a message. */
export interface Frame {
  /** From 0, without a gap. */
  readonly seq: number;
  readonly isText: boolean;

  /** Whether the message ends with it. */
  readonly isLast: boolean;
  readonly payload: Uint8Array;
}

/** Returns the bytes of a frame as a data channel carries them. */
export function encode({ seq, isText, isLast, payload }: Frame): Uint8Array {
  const bytes = new Uint8Array(HEADER + payload.length);
  bytes[0] = (isText ? TEXT : 0) | (isLast ? LAST : 0);
  new DataView(bytes.buffer).setFloat64(1, seq);
  bytes.set(payload, HEADER);
  return bytes;
}

/** Returns the frame in these bytes; undefined if they are not a valid frame. */
export function decode(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < HEADER) {
    return undefined;
  }
  const seq = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(1);
  const flags = bytes[0] ?? 0;
  const payload = bytes.subarray(HEADER);
  const isLast = (flags & LAST) !== 0;
  const isWhole = isLast ? payload.length <= PART : payload.length === PART;
  return Number.isSafeInteger(seq) && seq >= 0 && isWhole
    ? { seq, isText: (flags & TEXT) !== 0, isLast, payload }
    : undefined;
}

/** Returns bytes as text, for JSON. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  bytes.forEach((byte) => (text += String.fromCharCode(byte)));
  return btoa(text);
}

/** Returns the bytes of a text that {@link toBase64} made; no bytes if the text is not base64. */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
