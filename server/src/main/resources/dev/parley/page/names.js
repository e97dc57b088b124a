// SPDX-License-Identifier: Apache-2.0
// What the people in a call are called: nobody is asked for a name.

const NAMES = [
  'Avocet', 'Bittern', 'Curlew', 'Dipper', 'Egret', 'Fulmar', 'Godwit', 'Heron',
  'Jackdaw', 'Kestrel', 'Linnet', 'Merlin', 'Nuthatch', 'Osprey', 'Plover', 'Wren',
];

/** One of the names at random that is not among those taken. */
export function anyName(taken = []) {
  const free = NAMES.filter((name) => !taken.includes(name));
  return free[Math.floor(Math.random() * free.length)];
}
