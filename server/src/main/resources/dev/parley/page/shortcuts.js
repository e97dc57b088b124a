// SPDX-License-Identifier: Apache-2.0

import { $ } from '/dom.js';
import { choice, choose } from '/choices.js';

const ACTIONS = { m: 'microphone', v: 'camera', s: 'screen', c: 'chat', f: 'full' };

/**
 * Starts actions by single keys, unless the user has switched that off, writes into a field, or holds another key.
 *
 * @param escape closes what is open
 */
export function listenToKeys(act, escape) {
  const box = $('shortcuts');
  box.checked = choice('shortcuts') !== false;
  box.onchange = () => choose('shortcuts', box.checked);
  addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (key === 'Escape') {
      escape();
      return;
    }
    const isWriting = target.closest?.('input:not([type="checkbox"], [type="radio"]), select, textarea');
    const action = ACTIONS[key.toLowerCase()];
    if (action && box.checked && !isWriting && !event.repeat && !(event.ctrlKey || event.metaKey || event.altKey)) {
      event.preventDefault();
      act(action);
    }
  });
}
