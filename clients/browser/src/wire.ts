// SPDX-License-Identifier: Apache-2.0
// What goes over the wire: docs/protocol.md and docs/continuity.md.

/** A JSON object as it was received: nothing of it is known to be there. */
export type Fields = { readonly [key: string]: unknown };

/** What a peer shows to others, from its token. */
export type Metadata = { readonly [key: string]: unknown };

/** What has no number in `parley.v1`. */
export const UNNUMBERED: ReadonlySet<unknown> = new Set(['welcome', 'received', 'pong', 'going_away']);

/**
 * The longest frame that is read, in UTF-16 units. A server sends at most 1 MiB and some 12 KiB around it
 * (docs/protocol.md, limits); as in the Java client there is much room above that, so that a later server can allow
 * more.
 */
const LONGEST_FRAME = 16 << 20;

/** The object in a frame; undefined if the frame holds something else. */
export function parse(frame: unknown): Fields | undefined {
  if (typeof frame !== 'string' || frame.length > LONGEST_FRAME) {
    return undefined;
  }
  try {
    return fields(JSON.parse(frame));
  } catch {
    return undefined;
  }
}

export function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number of frames: whole, from 0. */
export function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** How many bytes of UTF-8 it is. */
export function bytes(value: string): number {
  return new TextEncoder().encode(value).length;
}

/** The JSON of what an application says; what JSON cannot say is null. */
export function json(data: unknown): string {
  return (JSON.stringify(data) as string | undefined) ?? 'null';
}

/** Returns the sender, the data and, if the frame has it, the sender's metadata of a message from another peer. */
export function readMessage(frame: Fields): {
  readonly from: string;
  readonly data: unknown;
  readonly metadata?: Metadata;
} {
  const metadata = fields(frame.fromMetadata);
  return { from: text(frame.from), data: frame.data, ...(metadata && { metadata }) };
}
