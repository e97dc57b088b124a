// SPDX-License-Identifier: Apache-2.0
// States in plain words.

export const SIGNALING_WORDS = {
  connecting: 'connecting',
  connected: 'connected',
  lost: 'reconnecting',
  full: 'call is full',
  refused: 'refused',
  closed: 'ended',
  unknown: 'unknown',
};

/** Of sound and picture with another. */
export const MEDIA_WORDS = {
  idle: 'connecting',
  connecting: 'connecting',
  connected: 'connected',
  reconnecting: 'interrupted',
  closed: 'ended',
};

/** What is said in place of pictures while there are no others: headline, text. */
export const LOBBY_WORDS = {
  connecting: ['One moment', 'Connecting to the server.'],
  connected: ['You are the first one here', 'The call starts as soon as somebody opens this link.'],
  lost: ['No connection to the server', 'Is it running? The call goes on here as soon as it answers.'],
  full: ['This call is full', 'Six are in it already, and there is no room for more.'],
  refused: ['The server refuses this page', 'It does not know the key of this page, or does not let it make calls.'],
  closed: ['The call has ended', ''],
};

/** All others together: the state to colour it by, and what to say. */
export function mediaOf(people) {
  const states = people.map(({ state }) => state);
  const connected = states.filter((state) => state === 'connected').length;
  if (states.length === 0) {
    return { state: 'none', words: 'nobody else yet' };
  }
  if (connected === states.length) {
    return { state: 'connected', words: `connected to ${connected} ${connected === 1 ? 'other' : 'others'}` };
  }
  const state = states.includes('reconnecting') ? 'reconnecting' : 'connecting';
  return { state, words: `connected to ${connected} of ${states.length}` };
}

/** Whether another is connected to the server, as far as we can know. */
export function signalingOf(person, ownState) {
  if (ownState !== 'connected') {
    return 'unknown';
  }
  return person.peer.isAway ? 'lost' : 'connected';
}
