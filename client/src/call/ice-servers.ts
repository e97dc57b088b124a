// SPDX-License-Identifier: Apache-2.0

/** Returns why browsers refuse an ICE server, undefined if they accept it: one that is refused lets no connection be made. */
export function faultOf({ urls, username, credential }: RTCIceServer): string | undefined {
  const all = [urls ?? ''].flat();
  if (!all.every((url) => /^(stun|turn)s?:[^/?]/i.test(url))) {
    return 'is not the URL of a STUN or TURN server';
  }
  return all.some((url) => /^turn/i.test(url)) && !(username && credential) ? 'has no username and credential' : undefined;
}
