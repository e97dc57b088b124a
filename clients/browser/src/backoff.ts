// SPDX-License-Identifier: Apache-2.0

const FIRST = 500;
const LONGEST_WITH_SESSION = 3000;
const LONGEST = 30_000;

/** From this try on they are at least a second apart, whatever the server does. */
const SPACED = 3;

/**
 * How long to wait before a try, in milliseconds: hardly before the first, then twice as long each time, each at random
 * in the upper half of it, so that clients that were lost together do not come back together. While a session waits for
 * its client the pauses stay short.
 *
 * @param tries how many came to nothing since the client was connected for a while
 * @param hasSession whether there is a session to go on with
 * @param random from 0 to 1
 */
export function pause(tries: number, hasSession: boolean, random: number): number {
  if (tries === 0) {
    return random * 100;
  }
  const longest = Math.min(hasSession ? LONGEST_WITH_SESSION : LONGEST, FIRST * 2 ** tries);
  return Math.max(tries < SPACED ? 0 : 1000, longest * (0.5 + random / 2));
}
