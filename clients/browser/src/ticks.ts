// SPDX-License-Identifier: Apache-2.0

const SECOND = 1000;

/** Timers of a worker are not slowed down while its page is hidden; those of the page fire once a minute then. */
const WORKER = `setInterval(() => postMessage(0), ${SECOND})`;

/**
 * Calls once a second, also while the page is hidden. Where the page allows no worker, calls come as late as the
 * browser's timers.
 *
 * @returns ends it
 */
export function everySecond(call: () => void): () => void {
  const timer = setInterval(call, SECOND);
  if (typeof document === 'undefined' || typeof Worker === 'undefined') {
    return () => clearInterval(timer);
  }
  let worker: Worker | undefined;
  const stop = (): void => {
    worker?.terminate();
    worker = undefined;
  };
  const follow = (): void => {
    if (document.visibilityState === 'hidden') {
      worker ??= start(call);
    } else {
      stop();
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', follow);
    stop();
  };
}

/** Returns undefined where the policy of the page forbids such a worker. */
function start(call: () => void): Worker | undefined {
  const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
  try {
    const worker = new Worker(url);
    worker.onmessage = call;
    return worker;
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}
