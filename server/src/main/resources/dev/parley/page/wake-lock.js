// SPDX-License-Identifier: Apache-2.0

/** Keeps the screen of a phone from being switched off, until the returned function is called. */
export function keepAwake() {
  let lock;
  const ask = async () => {
    if (!document.hidden) {
      lock = await navigator.wakeLock?.request('screen').catch(() => undefined); // the battery is low
    }
  };
  document.addEventListener('visibilitychange', ask);
  ask();
  return () => {
    document.removeEventListener('visibilitychange', ask);
    lock?.release();
  };
}
