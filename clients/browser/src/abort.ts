// SPDX-License-Identifier: Apache-2.0

/** Options of an operation that the application can abort. */
export interface AbortOptions {
  /**
   * Aborts the operation, which then fails with the `reason` of the signal. `AbortSignal.timeout(ms)` limits its time.
   * If the signal is aborted already, the operation does not begin.
   */
  readonly signal?: AbortSignal;
}

/**
 * Begins an operation, and waits for its end or until the signal is aborted.
 *
 * @param undo undoes what was begun; called at most once, when the signal is aborted before the operation has ended
 * @returns settles as the operation does, or rejects with the reason of the signal
 */
export function abortable<Result>(
  signal: AbortSignal | undefined,
  begin: () => Promise<Result>,
  undo: () => void,
): Promise<Result> {
  if (!signal) {
    return begin();
  }
  return new Promise((resolve, reject) => {
    // Chrome 90 has no reason.
    const fail = (): void => reject(signal.reason ?? new DOMException('aborted', 'AbortError'));
    if (signal.aborted) {
      fail();
      return;
    }
    const abort = (): void => {
      fail();
      undo();
    };
    signal.addEventListener('abort', abort, { once: true });
    begin()
      .finally(() => signal.removeEventListener('abort', abort))
      .then(resolve, reject);
  });
}
