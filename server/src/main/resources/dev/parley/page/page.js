// SPDX-License-Identifier: Apache-2.0
// The page: turns clicks into calls. Its views are `landing`, `preview`, `call` and `left`.

import { CallView } from '/call-view.js';
import { choice, choose } from '/choices.js';
import { listenToDevices } from '/devices.js';
import { $, all, buttonsOf, label, setText } from '/dom.js';
import { OwnName } from '/names.js';
import { showOwnMedia } from '/own-view.js';
import { JOINS, newRoom, roomOfAddress, roomUrl } from '/rooms.js';
import { listenToKeys } from '/shortcuts.js';
import { Visit } from '/visit.js';

/** The publishable key of this page, no secret. */
const KEY = meta('parley-key');
const JOINED = 'parley.joined';
const COPIED_MS = 2000;
const MICROPHONE_IS_OFF = 'Your microphone is off: two tabs on one desk would howl.';

/** How long a tab that joins without a preview waits for its camera, in milliseconds, so that one negotiation does. */
const CAMERA_PATIENCE_MS = 1500;

const view = new CallView();
const name = new OwnName(choice('name'));

/** The visit to the room in the address bar; null outside of a preview and a call. */
let visit = null;

/** The room of the links on this page. */
let room = '';

function meta(key) {
  return document.querySelector(`meta[name="${key}"]`).content;
}

function show(viewName, title) {
  document.body.dataset.view = viewName;
  document.title = title;
}

function useRoom(newName) {
  room = newName;
  all('.address').forEach((field) => (field.value = roomUrl(room)));
  all('.another').forEach((link) => (link.href = roomUrl(room, JOINS)));
}

function showLanding() {
  useRoom(newRoom());
  show('landing', 'Parley');
}

/** Begins a visit to a room. `wishes` says whether `camera` and `microphone` shall be on. */
function visitRoom(newName, wishes) {
  visit?.close();
  useRoom(newName);
  const begun = new Visit(KEY, room, name.shown);
  visit = begun;
  const whileHere = (step) => (event) => visit === begun && step(event);
  begun.media.addEventListener('change', whileHere(showMedia));
  begun.media.addEventListener('devices', whileHere(showMedia));
  begun.group.addEventListener('same-name', whileHere(({ detail }) => name.avoid(detail) && rename()));
  showMedia();
  const camera = wishes.camera ? begun.media.startCamera(chosen('videoinput')) : Promise.resolve();
  const microphone = wishes.microphone ? begun.media.unmute(choice('audioinput')) : Promise.resolve();
  return Promise.all([camera, microphone]);
}

function chosen(kind) {
  const deviceId = choice(kind);
  return deviceId ? { deviceId } : {};
}

function preview(newName) {
  history.replaceState(null, '', roomUrl(newName));
  visitRoom(newName, { camera: choice('camera') !== false, microphone: choice('microphone') !== false });
  showName();
  setText($('preview-about'), `Call “${room}”`);
  show('preview', 'Ready to join? · Parley');
}

/** Joins without a preview. */
async function joinAtOnce(newName, wishes) {
  history.replaceState(null, '', roomUrl(newName));
  const isReady = visitRoom(newName, wishes);
  const begun = visit;
  enterCall(begun);
  await Promise.race([isReady, new Promise((resolve) => setTimeout(resolve, CAMERA_PATIENCE_MS))]);
  if (visit === begun) {
    join(begun);
  }
}

function enterCall(begun) {
  showName();
  view.open(begun, name);
  show('call', 'In a call · Parley');
  remember();
}

function join(begun) {
  begun.join();
  view.joined();
}

function leave() {
  const wishes = wishesOf(visit.media);
  view.close();
  visit.close();
  visit = null;
  sessionStorage.removeItem(JOINED);
  return wishes;
}

function wishesOf(media) {
  return { camera: media.wantsCamera, microphone: !media.isMuted };
}

/** Keeps that this tab is in a call, so that it joins again when it is loaded anew. */
function remember() {
  sessionStorage.setItem(JOINED, JSON.stringify({ room, ...wishesOf(visit.media) }));
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(JOINED)) ?? {};
  } catch {
    return {};
  }
}

/** Shows everything that depends on camera, microphone and screen. */
function showMedia() {
  showOwnMedia(visit.media, name.shown);
  if (document.body.dataset.view === 'call') {
    remember();
    view.show();
  }
}

function showName() {
  all('.own-name').forEach((field) => {
    field.value = name.typed;
    field.placeholder = name.shown;
  });
}

function rename() {
  showName();
  visit.rename(name.shown);
  showMedia();
}

async function invite(button) {
  const link = roomUrl(room);
  if (sharesLinks()) {
    const sheet = { title: 'Parley', text: 'Join my call', url: link };
    await navigator.share(sheet).catch(() => undefined); // the user closed the sheet
    return;
  }
  const text = button.querySelector('.label');
  try {
    await navigator.clipboard.writeText(link);
    setText(text, 'Copied');
  } catch {
    setText(text, 'Copy it from the field'); // the browser does not allow it
    view.hint(`The link is ${link}`);
  }
  setTimeout(() => setText(text, inviteWords()), COPIED_MS);
}

/** Whether the system has a sheet to share a link with other apps, as phones have. */
function sharesLinks() {
  return navigator.share !== undefined && matchMedia('(pointer: coarse)').matches;
}

const inviteWords = () => (sharesLinks() ? 'Share link' : 'Copy link');

let wishesOfLast = { camera: true, microphone: false };

const actions = {
  invite,
  'start': () => {
    const target = room;
    history.pushState(null, '', roomUrl(target));
    preview(target);
  },
  'two-tabs': () => {
    const target = room;
    // Before anything is awaited: only in the handler of the click a page may open a tab.
    const opened = window.open(roomUrl(target, JOINS), '_blank');
    joinAtOnce(target, { camera: true, microphone: false });
    view.hint(opened ? MICROPHONE_IS_OFF : 'Your browser blocked the second tab. Open it with the button.');
  },
  'rejoin': () => joinAtOnce(room, wishesOfLast),
  'new-call': () => {
    history.pushState(null, '', '/');
    showLanding();
  },
  'join-again': () => joinAtOnce(room, leave()),
  'leave': () => {
    wishesOfLast = leave();
    show('left', 'You left the call · Parley');
    buttonsOf('rejoin')[0].focus();
  },
  'microphone': () => {
    const { media } = visit;
    choose('microphone', media.isMuted);
    return media.isMuted ? media.unmute() : media.mute();
  },
  'camera': () => {
    const { media } = visit;
    choose('camera', !media.wantsCamera);
    return media.wantsCamera ? media.stopCamera() : media.startCamera(chosen('videoinput'));
  },
  'flip': () => visit.media.flipCamera(),
  'try-again': () => {
    const { media } = visit;
    const [source] = media.problems.keys();
    const starts = {
      camera: () => media.startCamera(),
      microphone: () => media.unmute(),
      screen: () => media.shareScreen(),
    };
    return starts[source]?.();
  },
};

function act(action, button = buttonsOf(action)[0]) {
  if (visit || ['landing', 'left'].includes(document.body.dataset.view)) {
    (actions[action] ?? view.actions[action])?.(button);
  }
}

for (const button of all('[data-action]')) {
  button.addEventListener('click', () => {
    view.panels.closeMenuAfter(button);
    act(button.dataset.action, button);
  });
}
$('join-form').onsubmit = (event) => {
  event.preventDefault();
  enterCall(visit);
  join(visit);
};
all('.own-name').forEach((field) => {
  field.oninput = () => {
    const { maxLength: most, value } = field;
    const words = value.length >= most ? `A name has up to ${most} characters.` : '';
    setText(field.parentElement.querySelector('.limit'), words);
  };
  field.onchange = () => {
    name.typed = field.value;
    choose('name', name.typed);
    rename();
  };
});
all('.address').forEach((field) => (field.onfocus = () => field.select()));
listenToDevices((kind, deviceId) => {
  choose(kind, deviceId);
  if (kind === 'videoinput') {
    visit.media.startCamera({ deviceId: { exact: deviceId } });
  } else if (kind === 'audioinput') {
    visit.media.useMicrophone(deviceId);
  } else {
    view.useLoudspeaker(deviceId);
  }
});
listenToKeys(
  (action) => document.body.dataset.view === 'call' && act(action),
  () => document.body.dataset.view === 'call' && view.escape(),
);

function enter() {
  const address = roomOfAddress();
  const last = remembered();
  if (!address) {
    showLanding();
  } else if (address.joinsAtOnce) {
    joinAtOnce(address.name, { camera: true, microphone: false });
  } else if (last.room === address.name) {
    joinAtOnce(address.name, last);
  } else {
    preview(address.name);
  }
}

/** Ends the visit, as the address leads elsewhere or the page is closed. */
function end() {
  if (visit) {
    leave();
  }
}

addEventListener('popstate', () => {
  end();
  enter();
});
addEventListener('pagehide', () => {
  const last = sessionStorage.getItem(JOINED);
  end();
  if (last) {
    sessionStorage.setItem(JOINED, last); // a page that is loaded anew joins again
  }
});
addEventListener('pageshow', ({ persisted }) => persisted && enter());

label('invite', inviteWords());
$('two-tab-page').hidden = meta('parley-two-tab-page') !== 'true';
enter();
