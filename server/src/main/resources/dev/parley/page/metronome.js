// SPDX-License-Identifier: Apache-2.0
// Beats in a worker: browsers slow down the timers of a page in the background, but not those of its workers.

const BEATS_PER_SECOND = 15;

setInterval(() => postMessage(null), 1000 / BEATS_PER_SECOND);
