// SPDX-License-Identifier: Apache-2.0
// What the user has chosen, kept in this browser for the next call: name, devices, keys.

const PLACE = 'parley.choices';

function read() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {}; // storage is switched off, or holds something else
  }
}

/** Returns a choice, or undefined before the user made it. */
export const choice = (name) => read()[name];

/** Keeps a choice. */
export function choose(name, value) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...read(), [name]: value }));
  } catch {
    // the choice is good for this visit
  }
}
