// SPDX-License-Identifier: Apache-2.0

/** The longest a timer of the browser waits, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * When to ask for the next one of what lives for so long, in milliseconds: a fifth of its life before its end, and not
 * more than `lead` before.
 */
export function renewIn(life: number, lead: number): number {
  return Math.min(life - Math.min(lead, life / 5), LONGEST);
}
