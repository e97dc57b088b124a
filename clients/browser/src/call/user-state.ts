// SPDX-License-Identifier: Apache-2.0
import { ParleyError } from '../errors.js';
import { bytes, fields, json } from '../wire.js';

/** What a participant publishes about itself, such as `{ name: 'Ana', muted: true }`: a JSON object. */
export type UserState = { readonly [key: string]: unknown };

/** The state of a participant that has published none. */
export const NO_STATE: UserState = Object.freeze({});

/** The most bytes of a state, as JSON in UTF-8. */
const MOST_BYTES = 1024;

/**
 * Returns a frozen copy of a state, without keys that set a prototype when the application copies them.
 *
 * @throws ParleyError of code `too_big`
 * @throws TypeError if JSON cannot represent the state, or it is no object
 */
export function copyState(state: unknown): UserState {
  const text = json(state);
  const size = bytes(text);
  if (size > MOST_BYTES) {
    throw new ParleyError('too_big', `the user state has ${size} bytes, at most ${MOST_BYTES} are allowed`);
  }
  const copy = fields(JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : Object.freeze(value))));
  if (!copy) {
    throw new TypeError('the user state must be an object');
  }
  return copy;
}
