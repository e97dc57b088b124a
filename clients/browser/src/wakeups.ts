// SPDX-License-Identifier: Apache-2.0

/**
 * Calls when the way to the server may have changed: the network is back, or the page is, from the back of the window
 * or from being frozen. Nothing where there is no page.
 *
 * @returns ends it
 */
export function onWakeup(call: () => void): () => void {
  if (typeof document === 'undefined') {
    return () => undefined;
  }
  const seen = (): void => {
    if (document.visibilityState === 'visible') {
      call();
    }
  };
  const shown = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) {
      call();
    }
  };
  addEventListener('online', call);
  addEventListener('pageshow', shown);
  document.addEventListener('resume', call);
  document.addEventListener('visibilitychange', seen);
  return () => {
    removeEventListener('online', call);
    removeEventListener('pageshow', shown);
    document.removeEventListener('resume', call);
    document.removeEventListener('visibilitychange', seen);
  };
}

/**
 * Calls when the page is closed or left, and can still send. Nothing where there is no page.
 *
 * @returns ends it
 */
export function onPageEnd(call: () => void): () => void {
  if (typeof document === 'undefined') {
    return () => undefined;
  }
  addEventListener('pagehide', call);
  return () => removeEventListener('pagehide', call);
}
