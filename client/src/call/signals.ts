// SPDX-License-Identifier: Apache-2.0
// What the peers of a call say to each other over the server: as `@metered-ca/realtime` does, so that both can be in one call.
import { type Fields, fields, text } from '../wire.js';

/** What a stream is, such as `{role: 'camera'}`. */
export type StreamMetadata = { readonly [key: string]: unknown };

/** The longest candidate that is taken. */
const LONGEST_CANDIDATE = 1000;

/** A signal, and the room of the call it belongs to; undefined from a client of `@metered-ca/realtime`, which has one call. */
export interface Received {
  readonly signal: Signal;
  readonly room: string | undefined;
}

export type Signal =
  | { readonly kind: 'description'; readonly description: RTCSessionDescriptionInit & { readonly sdp: string } }
  | { readonly kind: 'candidate'; readonly candidate: RTCIceCandidateInit }
  | { readonly kind: 'track'; readonly trackId: string; readonly metadata: StreamMetadata | undefined }
  | { readonly kind: 'none' };

const NONE: Signal = { kind: 'none' };

export const describe = (description: RTCSessionDescription | null): object => ({ type: 'rtc-description', description });

export const candidate = (it: RTCIceCandidate | null): object => ({ type: 'rtc-ice', candidate: it });

export const aboutTrack = (trackId: string, metadata: StreamMetadata | undefined): object => ({
  __meteredTrackMeta: { trackId, metadata },
});

/** Returns a signal as it is sent: with the room of its call, as the same peer may be in a call in another room. */
export const addressed = (signal: object, room: string): object => ({ ...signal, room });

/** What a peer sent, undefined if it is the application's. */
export function read(data: unknown): Received | undefined {
  const message = fields(data);
  const signal = readSignal(message);
  return signal && { signal, room: typeof message?.room === 'string' ? message.room : undefined };
}

function readSignal(message: Fields | undefined): Signal | undefined {
  const track = fields(message?.__meteredTrackMeta);
  if (track) {
    const trackId = text(track.trackId);
    return trackId === '' ? NONE : { kind: 'track', trackId, metadata: fields(track.metadata) };
  }
  switch (message?.type) {
    case 'rtc-description':
      return readDescription(fields(message.description));
    case 'rtc-ice':
      return readCandidate(fields(message.candidate));
    default:
      return undefined;
  }
}

function readDescription(description: Fields | undefined): Signal {
  const type = description?.type;
  const sdp = text(description?.sdp);
  return (type === 'offer' || type === 'answer') && sdp !== '' ? { kind: 'description', description: { type, sdp } } : NONE;
}

/** The end of candidates, null, is no news: browsers know it from the description or do without. */
function readCandidate(it: Fields | undefined): Signal {
  const line = text(it?.candidate);
  return it && line.length <= LONGEST_CANDIDATE ? { kind: 'candidate', candidate: it as RTCIceCandidateInit } : NONE;
}
