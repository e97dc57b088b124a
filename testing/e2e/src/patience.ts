// SPDX-License-Identifier: Apache-2.0

/**
 * How long a test waits for what must happen, in milliseconds. It says when a test gives up, never how fast anything
 * is: a machine of CI may be five times slower than a desk. What must be fast is measured by the longer runs.
 */
export const WAIT_MS = 45_000;

/** How long a whole test may take: longer than its waits, so that the wait that failed says what it waited for. */
export const TEST_MS = 240_000;
