// SPDX-License-Identifier: Apache-2.0
// Names of rooms, and the links to them.

const ROOM = /^#([A-Za-z0-9_-]{1,64})(\+join)?$/;
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 8;

/** Ends a link whose tab joins at once, without a preview. */
export const JOINS = '+join';

/** Returns `name` and `joinsAtOnce` of the room in the address bar; null without one. */
export function roomOfAddress() {
  const match = ROOM.exec(location.hash);
  return match && { name: match[1], joinsAtOnce: Boolean(match[2]) };
}

/** Returns a name that cannot be guessed. */
export function newRoom() {
  const numbers = crypto.getRandomValues(new Uint8Array(LENGTH));
  return Array.from(numbers, (number) => LETTERS[number % LETTERS.length]).join('');
}

/** Returns the link to a room. */
export function roomUrl(room, mark = '') {
  return `${location.origin}/#${room}${mark}`;
}
