// SPDX-License-Identifier: Apache-2.0

/**
 * Returns milliseconds on a clock that is never set, as the wall clock of a device is. It may stand still while the
 * device sleeps, so it says how long this page was able to act.
 */
export const now = (): number => performance.now();
