// SPDX-License-Identifier: Apache-2.0

/**
 * Returns the ICE servers that browsers accept: one that they refuse lets no connection be made.
 *
 * @param report called with the URLs of each other one, and why it is refused
 */
export function accepted(
  servers: readonly RTCIceServer[],
  report: (name: string, fault: string) => void,
): RTCIceServer[] {
  return servers.filter((server) => {
    const fault = faultOf(server);
    if (fault !== undefined) {
      report(String(server.urls), fault);
    }
    return fault === undefined;
  });
}

/** Returns why browsers refuse an ICE server, undefined if they accept it. */
function faultOf({ urls, username, credential }: RTCIceServer): string | undefined {
  const all = [urls ?? ''].flat();
  if (!all.every((url) => /^(stun|turn)s?:[^/?]/i.test(url))) {
    return 'is not the URL of a STUN or TURN server';
  }
  return all.some((url) => /^turn/i.test(url)) && !(username && credential)
    ? 'has no username and credential'
    : undefined;
}
