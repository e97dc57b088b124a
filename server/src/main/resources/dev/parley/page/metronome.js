// SPDX-License-Identifier: Apache-2.0
// Beats in a worker: browsers slow down the timers of a page in the background, but not those of its workers.
//
// The page answers each beat when it has drawn; until then there is no other, so that a busy machine draws fewer
// pictures and beats never queue up before everything else the page has to do.

const BEATS_PER_SECOND = 15;

let isAnswered = true;
onmessage = () => (isAnswered = true);

setInterval(() => {
  if (isAnswered) {
    isAnswered = false;
    postMessage(null);
  }
}, 1000 / BEATS_PER_SECOND);
