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

/** Returns what stands for the picture of a person that is not connected; empty if nothing has to be said. */
export function connectionWords({ name, state, isLate }) {
  if (state === 'connected' || state === 'closed') {
    return state === 'closed' ? MEDIA_WORDS.closed : '';
  }
  if (state === 'reconnecting') {
    return `The connection to ${name} is interrupted. It comes back with the network.`;
  }
  return isLate ? LATE : `Connecting to ${name}…`;
}

/** Short, for small tiles; the caption has the name. */
const LATE = 'No connection yet. A firewall may block it. Use another network, or a server with TURN.';

/** Returns what stands for the picture of a person that is connected, until it arrives. */
export const pictureWords = ({ name }) => `Waiting for the picture of ${name}…`;

export const QUALITY_WORDS = {
  good: 'Good connection',
  fair: 'Fair connection',
  poor: 'Poor connection',
  unknown: 'Connection not measured yet',
};

/** What is said in place of pictures while there are no others: headline, text, and the button to join again. */
const LOBBY_WORDS = {
  connecting: ['One moment', 'Connecting to the server.'],
  connected: ['You are the first one here', 'Send this link. The call starts when somebody opens it.'],
  lost: ['No connection to the server', 'Is it running? This page goes on as soon as it answers.'],
  full: ['This call is full', 'Six are in it already, and there is no room for more.', 'Try again'],
  closed: ['The call has ended', ''],
};

/** The same for a page that the server refuses, by the error code, where the user can do something. */
const REFUSAL_WORDS = {
  unavailable: ['The server is not ready', 'It cannot reach the other servers. Try again in a moment.', 'Try again'],
  admin_disconnect: ['You were removed from the call', 'To join again, load this page again.', 'Join again'],
  session_revoked: ['Your session was ended', 'It was used somewhere else, too. Load this page again.', 'Join again'],
};

/** Returns the `headline` and `text`, and the label `again` of the button to join again; empty if there is none. */
export function lobbyWords(signaling, refusal) {
  const words = signaling === 'refused' ? (REFUSAL_WORDS[refusal] ?? refusedWords(refusal)) : LOBBY_WORDS[signaling];
  const [headline, text, again = ''] = words;
  return { headline, text, again };
}

function refusedWords(refusal) {
  const text = 'It does not know the key of this page, or does not let it make calls.';
  return ['The server refuses this page', `${text} The server answered ${refusal}.`, 'Try again'];
}

/** What happened to a source, and what the user can do, by the code of a `MediaError`. */
const PROBLEM_WORDS = {
  denied: ['is blocked', 'Allow it in the address bar of your browser.'],
  in_use: ['is used by another program', 'Close that program or tab.'],
  not_found: ['was not found', 'Plug one in, or choose another device.'],
  unplugged: ['was unplugged', 'Plug it in again, or choose another device.'],
  ended: ['has stopped', 'Switch it on again.'],
  no_gesture: ['was not shared', 'Press the button once more.'],
  insecure: ['cannot be used here', 'Browsers allow it only on pages over https.'],
  failed: ['does not work', 'Your browser does not say why.'],
};

/** Returns what to tell the user about a source that cannot be used. */
export function problemWords(source, code) {
  const [what, remedy] = PROBLEM_WORDS[code] ?? PROBLEM_WORDS.failed;
  return `Your ${source} ${what}. ${remedy}`;
}

/** Returns the state of all others together, and words for it. */
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

/** Returns whether another participant is connected to the server, as far as this page can know. */
export function signalingOf(person, ownState) {
  if (ownState !== 'connected') {
    return 'unknown';
  }
  return person.peer.isAway ? 'lost' : 'connected';
}
