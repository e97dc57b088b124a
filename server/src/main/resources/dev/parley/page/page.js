// SPDX-License-Identifier: Apache-2.0
// The page: turns clicks into calls, and the states of a call into words.

import { Chat } from '/chat.js';
import { Group } from '/group.js';
import { tileSize } from '/layout.js';
import { LocalMedia } from '/media.js';
import { numbersOf } from '/numbers.js';
import { showPath, showRoster } from '/roster.js';
import { Server } from '/server.js';
import { Tile } from '/tile.js';
import { LOBBY_WORDS, mediaOf, SIGNALING_WORDS } from '/words.js';

/** The open key of development mode, no secret. */
const KEY = document.querySelector('meta[name=parley-key]').content;
const ROOM = /^#([A-Za-z0-9_-]{1,64})(\+join)?$/;
const ROOM_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const ROOM_LENGTH = 8;
const JOINED = 'parley.joined';
const HINT_MS = 8000;
const ABOUT = 'This is your own WebRTC signaling server. See it at work: '
  + 'a video call between this tab and a second one, or up to six.';

/** Where the panel would lie over the pictures: there it is opened only by hand. */
const NARROW = matchMedia('(max-width: 56rem)');

const $ = (id) => document.getElementById(id);
const word = (element, text) => {
  const place = element.querySelector('.word');
  if (place.textContent !== text) {
    place.textContent = text;
  }
};

/** What there is while in a call: room, media, server, group, tiles by person, paths by person's id, the timer of the numbers. */
let now = null;

const chat = new Chat($('chat'));

function roomOfAddress() {
  const match = ROOM.exec(location.hash);
  return match && { name: match[1], joinsAtOnce: Boolean(match[2]) };
}

function newRoom() {
  const numbers = crypto.getRandomValues(new Uint8Array(ROOM_LENGTH));
  return Array.from(numbers, (number) => ROOM_LETTERS[number % ROOM_LETTERS.length]).join('');
}

function pageUrl(room, mark = '') {
  return `${location.origin}/#${room}${mark}`;
}

function showLanding(note) {
  const room = roomOfAddress();
  document.body.dataset.view = 'landing';
  document.title = 'Parley';
  $('start').classList.toggle('primary', !room);
  $('join').hidden = !room;
  $('about').textContent = note ?? (room ? `You were invited to the call ${room.name} on this signaling server.` : ABOUT);
}

async function join(room) {
  if (now) {
    return;
  }
  history.replaceState(null, '', `/#${room}`);
  sessionStorage.setItem(JOINED, room);
  const call = { room, media: new LocalMedia(), server: null, group: null, tiles: new Map(), paths: new Map(), numbers: 0 };
  now = call;
  document.body.dataset.view = 'call';
  document.title = 'In a call · Parley';
  document.querySelectorAll('.another').forEach((link) => (link.href = pageUrl(room, '+join')));
  $('address').value = pageUrl(room);
  showPanel(NARROW.matches ? null : 'people');
  chat.clear();
  $('hear').hidden = true;
  hint('Your microphone starts switched off: two tabs on one desk would howl.');
  show();
  call.media.addEventListener('video', showOwn);
  call.media.addEventListener('microphone', showOwn);
  await call.media.open();
  if (now === call) {
    connect();
  }
}

function connect() {
  const server = new Server(KEY);
  const group = new Group(server.client, `call-${now.room}`, now.media);
  Object.assign(now, { server, group });
  const whileInIt = (step) => (event) => now?.group === group && step(event);
  server.addEventListener('state', whileInIt(show));
  server.addEventListener('resumed', whileInIt(({ detail }) => hint(`The server is back after ${detail.ms} ms. Nobody saw you leave.`)));
  server.addEventListener('lost', whileInIt(({ detail }) => hint(`The server is back after ${Math.ceil(detail.ms / 1000)} s.`)));
  group.addEventListener('change', whileInIt(show));
  group.addEventListener('came', whileInIt(({ detail }) => hint(`${detail.about.name} is here.`)));
  group.addEventListener('went', whileInIt(({ detail }) => hint(`${detail.about.name} has left.`)));
  group.addEventListener('chat', whileInIt(({ detail }) => {
    chat.add(detail.person.about.name, detail.text, detail.isDirect);
    showUnread();
  }));
  clearInterval(now.numbers);
  now.numbers = setInterval(showNumbers, 1000);
  show();
}

function leave(note) {
  if (!now) {
    return;
  }
  const { media, group, tiles, numbers } = now;
  now = null;
  clearInterval(numbers);
  group?.close();
  tiles.forEach((tile) => tile.remove());
  media.stop();
  ownVideo().srcObject = null;
  sessionStorage.removeItem(JOINED);
  showLanding(note);
}

/** All that follows from the states of the call. */
function show() {
  const people = now.group?.people ?? [];
  const signaling = signalingNow();
  const media = mediaOf(people);
  showState($('signaling'), signaling, SIGNALING_WORDS[signaling]);
  showState($('media'), media.state, media.words);
  showNotice(signaling, media.state);
  showLobby(signaling, people.length);
  showTiles(people);
  showRoster($('roster'), $('person'), { name: now.media.name, signaling, people, paths: now.paths });
  showResumes(signaling);
  showOwn();
  lay();
}

function signalingNow() {
  if (now.group?.isFull) {
    return 'full';
  }
  return now.group?.refusal ? 'refused' : (now.server?.state ?? 'connecting');
}

/** The error code that the server answered with; empty if it refused nothing. */
function refusalNow() {
  const code = now.server?.refusal ?? now.group?.refusal;
  return code ? ` The server answered ${code}.` : '';
}

function showResumes(signaling) {
  const { count, lastMs } = now.server?.resumes ?? { count: 0 };
  $('resumes').textContent = count === 0 ? 'not lost yet' : `lost ${count === 1 ? 'once' : `${count} times`}, last back after ${lastMs} ms`;
  $('cut').disabled = signaling !== 'connected';
}

function showState(element, state, words) {
  element.dataset.state = state;
  word(element, words);
}

function showNotice(signaling, media) {
  const text = signaling === 'lost' && (media === 'none'
    ? 'The signaling server does not answer. This page keeps trying to reach it.'
    : 'The signaling server is lost. The call goes on without it, and this page keeps trying to reach it.');
  $('notice').hidden = !text;
  if (text && $('notice').textContent !== text) {
    $('notice').textContent = text;
  }
}

function showLobby(signaling, others) {
  const [headline, text] = LOBBY_WORDS[signaling];
  const asksForCamera = signaling === 'connecting' && !now.media.video;
  $('lobby').hidden = others > 0;
  $('lobby-headline').textContent = headline;
  $('lobby-text').textContent = asksForCamera ? 'Your browser may ask for the camera.' : text + refusalNow();
  $('invite').hidden = signaling !== 'connected';
  $('again').hidden = !['full', 'refused'].includes(signaling);
  $('pulse').hidden = ['full', 'refused'].includes(signaling);
}

function showTiles(people) {
  const { tiles } = now;
  for (const [person, tile] of tiles) {
    if (!people.includes(person)) {
      tile.remove();
      tiles.delete(person);
    }
  }
  for (const person of people) {
    if (!tiles.has(person)) {
      tiles.set(person, new Tile($('tile')));
      $('own').before(tiles.get(person).element);
    }
    tiles.get(person).show(person).then((isHeard) => isHeard || ($('hear').hidden = false));
  }
}

/** Gives all tiles the largest size that fits; of two people the other one gets the whole stage. */
function lay() {
  const stage = $('stage');
  stage.toggleAttribute('data-pair', stage.querySelectorAll('.other').length === 1);
  const count = stage.querySelectorAll('.tile:not([hidden])').length;
  const gap = parseFloat(getComputedStyle(stage).rowGap);
  const box = stage.getBoundingClientRect(); // clientWidth rounds up: a row of that width would not fit
  const { width, height } = tileSize(count, { width: Math.floor(box.width), height: Math.floor(box.height), gap });
  stage.style.setProperty('--tile-width', `${width}px`);
  stage.style.setProperty('--tile-height', `${height}px`);
}

const ownVideo = () => $('own').querySelector('video');

function showOwn() {
  const { media } = now;
  const hasMicrophone = !media.isMuted;
  if (ownVideo().srcObject !== media.stream) {
    ownVideo().srcObject = media.stream;
  }
  $('own').dataset.mirrored = media.hasCamera;
  $('own').querySelector('.name').textContent = media.name;
  $('own').querySelector('.muted').toggleAttribute('hidden', hasMicrophone);
  $('camera-button').setAttribute('aria-checked', media.hasCamera);
  word($('camera-button'), media.hasCamera ? 'Camera on' : 'Camera off');
  $('microphone-button').setAttribute('aria-checked', hasMicrophone);
  word($('microphone-button'), hasMicrophone ? 'Mic on' : 'Mic off');
}

/** Opens one of the panels, or with null none. */
function showPanel(panel) {
  for (const id of ['people', 'chat']) {
    $(id).hidden = id !== panel;
    $(`${id}-button`).setAttribute('aria-expanded', id === panel);
  }
  if (panel === 'chat') {
    chat.look();
  }
  showUnread();
}

const togglePanel = (panel) => showPanel($(panel).hidden ? panel : null);

function showUnread() {
  $('unread').textContent = chat.unread || '';
  $('unread').hidden = chat.unread === 0;
}

async function showNumbers() {
  const call = now;
  for (const [person, tile] of call.tiles) {
    const numbers = await numbersOf(person.peer.connection);
    tile.showNumbers(numbers);
    call.paths.set(person.id, numbers.route);
    showPath($('roster'), person.id, numbers.route);
  }
}

let hintTimer = 0;
function hint(text) {
  $('hint').textContent = text;
  clearTimeout(hintTimer);
  hintTimer = setTimeout(() => ($('hint').textContent = ''), HINT_MS);
}

async function copyLink(button) {
  const label = button.querySelector('span:last-of-type');
  try {
    await navigator.clipboard.writeText(pageUrl(now.room));
    label.textContent = 'Copied';
  } catch {
    hint(`The link is ${pageUrl(now.room)}`);
  }
  setTimeout(() => (label.textContent = 'Copy link'), 2000);
}

$('start').onclick = () => {
  const room = newRoom();
  // Before anything is awaited: only right in the click may a page open a tab.
  const opened = window.open(pageUrl(room, '+join'), '_blank');
  join(room);
  if (!opened) {
    hint('Your browser kept the second tab from opening. Open it with the button above.');
  }
};
$('join').onclick = () => join(roomOfAddress().name);
$('leave-button').onclick = () => leave('You left the call. The link still leads to it.');
$('again').onclick = () => {
  now.group.close();
  connect();
};
$('people-button').onclick = () => togglePanel('people');
$('chat-button').onclick = () => togglePanel('chat');
$('cut').onclick = () => {
  hint('The connection to the server is cut. Watch the pictures.');
  now.server.cut();
};
chat.addEventListener('say', ({ detail }) => now.group.say(detail.text, detail.isDirect));
$('hear').onclick = async () => {
  const heard = await Promise.all([...now.tiles].map(([person, tile]) => tile.show(person)));
  $('hear').hidden = heard.every(Boolean);
};
$('address').onfocus = () => $('address').select();
document.querySelectorAll('.copy').forEach((button) => (button.onclick = () => copyLink(button)));

$('microphone-button').onclick = async () => {
  const { media } = now;
  if (!media.isMuted) {
    media.mute();
  } else if (!(await media.useMicrophone())) {
    hint('There is no microphone, or the browser does not allow it.');
  }
};
$('camera-button').onclick = async () => {
  const { media } = now;
  if (media.hasCamera) {
    media.usePicture();
    hint('Your camera is off. The others see a moving picture instead.');
  } else if (!(await media.useCamera())) {
    hint('There is no camera, or the browser does not allow it. The others see a moving picture.');
  }
};

new ResizeObserver(() => now && lay()).observe($('stage'));
NARROW.addEventListener('change', () => showPanel(NARROW.matches ? null : 'people'));
addEventListener('hashchange', () => {
  leave();
  enter();
});
addEventListener('pagehide', () => {
  const room = now?.room;
  leave();
  if (room) {
    sessionStorage.setItem(JOINED, room); // a reload is no farewell
  }
});
addEventListener('pageshow', ({ persisted }) => persisted && enter());

function enter() {
  const room = roomOfAddress();
  if (room && (room.joinsAtOnce || sessionStorage.getItem(JOINED) === room.name)) {
    join(room.name);
  } else {
    showLanding();
  }
}

enter();
