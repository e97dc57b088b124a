// SPDX-License-Identifier: Apache-2.0
// What the peers of a call say to each other over the server: as `@metered-ca/realtime` does, so that both can be in
// one call.
import { type Fields, fields, text } from '../wire.js';
import { copyState, type UserState } from './user-state.js';

/** What a stream is, such as `{role: 'camera'}`. */
export type StreamMetadata = { readonly [key: string]: unknown };

/** The longest candidate that is taken. */
const LONGEST_CANDIDATE = 1000;

/** The longest metadata of a track that is taken, as JSON, and the most lines of media in a description. */
const LONGEST_METADATA = 4096;
const MOST_LINES = 64;

/** What an instance may look like. */
const INSTANCE = /^[\w-]{1,32}$/;

/** Whom a signal concerns: what is undefined was not named, as clients of `@metered-ca/realtime` name nothing. */
export interface Address {
  /** The room of the call: the same peer may be in calls in several rooms. */
  readonly room: string | undefined;

  /** The instance that sent it: each `Call` of a peer is one, as the peer may be connected several times. */
  readonly from: string | undefined;

  /** The instance it is for. */
  readonly to: string | undefined;
}

export interface Received extends Address {
  readonly signal: Signal;
}

/**
 * - `hello`: asks instances of the peer for `here`.
 * - `bye`: the instance left the call.
 */
export type Presence = 'hello' | 'here' | 'bye';

/**
 * - `data`: what the application sent to one instance.
 * - `state`: what the participant publishes about itself.
 * - `channel`: of a channel of `parley-client/data`, to one instance.
 */
export type Signal =
  | { readonly kind: 'description'; readonly description: RTCSessionDescriptionInit & { readonly sdp: string } }
  | { readonly kind: 'candidate'; readonly candidate: RTCIceCandidateInit }
  | { readonly kind: 'track'; readonly trackId: string; readonly metadata: StreamMetadata | undefined }
  | { readonly kind: 'data' | 'channel'; readonly data: unknown }
  | { readonly kind: 'state'; readonly state: UserState }
  | { readonly kind: Presence | 'none' };

const NONE: Signal = { kind: 'none' };

export const describe = (description: RTCSessionDescription | null): object => ({
  type: 'rtc-description',
  description,
});

export const candidate = (it: RTCIceCandidate | null): object => ({ type: 'rtc-ice', candidate: it });

export const aboutTrack = (trackId: string, metadata: StreamMetadata | undefined): object => ({
  __meteredTrackMeta: { trackId, metadata },
});

/** Clients that know no instances read it as the end of a label that never was, and do nothing. */
const IGNORED = { __meteredTrackMeta: { trackId: '-' } };

export const presence = (kind: Presence): object => ({ type: `parley-${kind}`, ...IGNORED });

export const aboutUser = (state: UserState | undefined): object => ({ type: 'parley-state', state, ...IGNORED });

export const wrapped = (data: unknown): object => ({ type: 'parley-data', data });

/** A part of a channel of `parley-client/data`, where there is no path between the browsers. */
export const ofChannel = (data: object): object => ({ type: 'parley-channel', data });

export const addressed = (signal: object, address: Address): object => ({ ...signal, ...address });

/** What a peer sent, undefined if it is the application's. */
export function read(data: unknown): Received | undefined {
  const message = fields(data);
  const signal = readSignal(message);
  const from = instance(message?.from);
  return (
    signal && { signal: from === '' ? NONE : signal, room: optional(message?.room), from, to: optional(message?.to) }
  );
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Empty if it cannot be one. */
function instance(value: unknown): string | undefined {
  return value === undefined || INSTANCE.test(text(value)) ? optional(value) : '';
}

function readSignal(message: Fields | undefined): Signal | undefined {
  switch (message?.type) {
    case 'parley-hello':
    case 'parley-here':
    case 'parley-bye':
      return { kind: message.type.slice('parley-'.length) as Presence };
    case 'parley-data':
      return { kind: 'data', data: message.data };
    case 'parley-state':
      return readState(message.state);
    case 'parley-channel':
      return { kind: 'channel', data: message.data };
    case 'rtc-description':
      return readDescription(fields(message.description));
    case 'rtc-ice':
      return readCandidate(fields(message.candidate));
  }
  const track = fields(message?.__meteredTrackMeta);
  if (track) {
    const trackId = text(track.trackId);
    const metadata = fields(track.metadata);
    const isShort = JSON.stringify(metadata ?? '').length <= LONGEST_METADATA;
    return trackId === '' ? NONE : { kind: 'track', trackId, metadata: isShort ? metadata : undefined };
  }
  return undefined;
}

function readState(state: unknown): Signal {
  try {
    return { kind: 'state', state: copyState(state) };
  } catch {
    return NONE;
  }
}

function readDescription(description: Fields | undefined): Signal {
  const type = description?.type;
  const sdp = text(description?.sdp);
  const isSmall = sdp !== '' && sdp.split('\nm=').length <= MOST_LINES + 1;
  return (type === 'offer' || type === 'answer') && isSmall
    ? { kind: 'description', description: { type, sdp } }
    : NONE;
}

/** The end of candidates, null, is no news: browsers know it from the description or do without. */
function readCandidate(it: Fields | undefined): Signal {
  const line = text(it?.candidate);
  return it && line.length <= LONGEST_CANDIDATE ? { kind: 'candidate', candidate: it as RTCIceCandidateInit } : NONE;
}
