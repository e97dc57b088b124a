// SPDX-License-Identifier: Apache-2.0
// What the people in a call are called: nobody is asked for a name.

const NAMES = [
  'Avocet', 'Bittern', 'Curlew', 'Dipper', 'Egret', 'Fulmar', 'Godwit', 'Heron',
  'Jackdaw', 'Kestrel', 'Linnet', 'Merlin', 'Nuthatch', 'Osprey', 'Plover', 'Wren',
];

/** One of the names at random that is not among those taken, if there is one. */
export function anyName(taken = []) {
  const free = NAMES.filter((name) => !taken.includes(name));
  const choice = free.length > 0 ? free : NAMES;
  return choice[Math.floor(Math.random() * choice.length)];
}
