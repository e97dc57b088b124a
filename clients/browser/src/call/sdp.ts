// SPDX-License-Identifier: Apache-2.0
// The little a client must read in a session description. The server reads nothing of it.

/**
 * What names the RTCPeerConnection that made it, in all its descriptions (RFC 8866 section 5.2, RFC 9429 section
 * 5.2.1).
 */
export function origin(sdp: string): string | undefined {
  return /^o=\S+ (\S+) /m.exec(sdp)?.[1];
}

/** What names the search for a path that it is part of: another one with each ICE restart (RFC 8839 section 5.4). */
export function search(sdp: string): string | undefined {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
}

/**
 * The id its sender knows a track by, by the `mid` of its section (RFC 8830). Browsers need not give it to the
 * receiver.
 */
export function trackId(sdp: string, mid: string | null): string | undefined {
  return /^a=msid:\S+ (\S+)/m.exec(section(sdp, mid))?.[1];
}

/** Whether the side that made the description would send in this section (RFC 8866 section 6.7). */
export function sends(sdp: string, mid: string | null): boolean {
  return /^a=(sendrecv|sendonly)\r?$/m.test(section(sdp, mid));
}

function section(sdp: string, mid: string | null): string {
  return sdp.split(/^m=/m).find((it) => it.split(/\r?\n/).includes(`a=mid:${mid ?? ''}`)) ?? '';
}
