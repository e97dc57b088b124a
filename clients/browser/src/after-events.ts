// SPDX-License-Identifier: Apache-2.0

/**
 * Runs a step after the events that the browser has queued: at once in a hidden tab, too, where timers wait for up to a
 * minute.
 */
export function afterEvents(step: () => unknown): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    step();
  };
  port2.postMessage(0);
}
