// SPDX-License-Identifier: Apache-2.0
// The page for two tabs: turns clicks into calls, and the states of a call into words.

import { Call } from '/minimal/call.js';
import { LocalMedia } from '/minimal/media.js';
import { Signaling } from '/minimal/signaling.js';

const ROOM = /^#(\/|[A-Za-z0-9_-]{1,64})(\+join)?$/;
const ROOM_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const ROOM_LENGTH = 8;
const JOINED = 'parley.minimal.joined';
const HINT_MS = 8000;

const SIGNALING_WORDS = {
  connecting: 'connecting',
  waiting: 'waiting for peer',
  paired: 'connected',
  lost: 'lost, reconnecting',
  full: 'room full',
  closed: 'ended',
};
const MEDIA_WORDS = {
  none: 'not started',
  new: 'connecting',
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'interrupted',
  failed: 'failed',
  closed: 'ended',
};

const $ = (id) => document.getElementById(id);
const word = (element, text) => {
  const place = element.querySelector('.word') ?? element.querySelector('span');
  if (place.textContent !== text) {
    place.textContent = text;
  }
};

/** What there is while in a call: room, media, signaling, call, statistics. */
let now = null;

function roomOfAddress() {
  const match = ROOM.exec(location.hash);
  return match && { name: match[1], joinsAtOnce: Boolean(match[2]) };
}

function newRoom() {
  const numbers = crypto.getRandomValues(new Uint8Array(ROOM_LENGTH));
  return Array.from(numbers, (number) => ROOM_LETTERS[number % ROOM_LETTERS.length]).join('');
}

function pageUrl(room, mark = '') {
  return `${location.origin}/minimal#${room}${mark}`;
}

function signalingUrl(room) {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}${room === '/' ? '/' : `/minimal/${room}`}`;
}

function showLanding(note) {
  const room = roomOfAddress();
  document.body.dataset.view = 'landing';
  document.title = 'Parley · two tabs';
  $('start').classList.toggle('primary', !room);
  $('join').hidden = !room;
  $('about').textContent = note ?? (room
    ? `You were invited to the ${room.name === '/' ? 'default room' : `room ${room.name}`} of this signaling server.`
    : 'This is your own WebRTC signaling server. See it at work: a video call between this tab and a second one.');
}

async function join(room) {
  if (now) {
    return;
  }
  history.replaceState(null, '', `/minimal#${room}`);
  sessionStorage.setItem(JOINED, room);
  const call = { room, media: new LocalMedia(), signaling: null, call: null, statistics: 0 };
  now = call;
  document.body.dataset.view = 'call';
  document.title = 'In a call · Parley';
  $('second').href = pageUrl(room, '+join');
  $('address').value = pageUrl(room);
  hint('Your microphone starts switched off: two tabs on one desk would howl.');
  showSignaling();
  showMedia();
  call.media.addEventListener('video', showLocal);
  call.media.addEventListener('microphone', showMicrophone);
  await call.media.open();
  if (now !== call) {
    return;
  }
  connect();
}

function connect() {
  const signaling = new Signaling(signalingUrl(now.room));
  const call = new Call(signaling, now.media);
  Object.assign(now, { signaling, call });
  signaling.addEventListener('state', () => now?.signaling === signaling && showSignaling());
  call.addEventListener('state', () => now?.call === call && showMedia());
  call.addEventListener('remote', () => now?.call === call && showRemote());
  clearInterval(now.statistics);
  now.statistics = setInterval(showNumbers, 1000);
  showSignaling();
  showMicrophone();
}

function leave(note) {
  if (!now) {
    return;
  }
  const { media, signaling, call, statistics } = now;
  now = null;
  clearInterval(statistics);
  call?.close();
  signaling?.close();
  media.stop();
  $('local').srcObject = null;
  $('remote').srcObject = null;
  sessionStorage.removeItem(JOINED);
  showLanding(note);
}

function showSignaling() {
  const state = now.signaling?.state ?? 'connecting';
  $('signaling').dataset.state = state;
  word($('signaling'), SIGNALING_WORDS[state]);
  const isTalking = now.call?.state === 'connected';
  showNotice(state === 'lost' && (isTalking
    ? 'The signaling server is lost. The call goes on without it, and this page keeps trying to reach it.'
    : 'The signaling server does not answer. This page keeps trying to reach it.'));
  showPlaceholder();
}

function showMedia() {
  const state = now.call?.state ?? 'none';
  $('media').dataset.state = state;
  word($('media'), MEDIA_WORDS[state]);
  $('remote-tile').dataset.shows = ['connected', 'disconnected'].includes(state) ? 'video' : 'placeholder';
  showSignaling();
}

function showNotice(text) {
  $('notice').hidden = !text;
  if (text && $('notice').textContent !== text) {
    $('notice').textContent = text;
  }
}

function showPlaceholder() {
  const state = now.signaling?.state ?? 'connecting';
  const media = now.call?.state ?? 'none';
  const [headline, text] = placeholder(state, media);
  $('placeholder-headline').textContent = headline;
  $('placeholder-text').textContent = text;
  $('invite').hidden = state !== 'waiting';
  $('again').hidden = state !== 'full';
  $('pulse').hidden = state === 'full' || media === 'failed';
}

function placeholder(signaling, media) {
  if (signaling === 'full') {
    return ['This room is full', 'Two are in this call already, and two is all it takes.'];
  }
  if (signaling === 'waiting') {
    return ['Waiting for the other tab', 'The call starts as soon as somebody opens this link.'];
  }
  if (signaling === 'lost') {
    return ['No connection to the server', 'Is it running? The call goes on here as soon as it answers.'];
  }
  if (media === 'failed') {
    return ['The other side is gone', 'It may have lost its network. The call goes on when it comes back.'];
  }
  return signaling === 'paired'
    ? ['Connecting to the other side', 'Both are here and look for a way to each other.']
    : ['One moment', now.media.video ? 'Connecting to the server.' : 'Your browser may ask for the camera.'];
}

function showLocal() {
  const { media } = now;
  $('local').srcObject = media.stream;
  $('local-tile').dataset.mirrored = media.hasCamera;
  $('camera-button').setAttribute('aria-checked', media.hasCamera);
  word($('camera-button'), media.hasCamera ? 'Camera on' : 'Camera off');
}

function showMicrophone() {
  const isOn = !now.media.isMuted;
  $('microphone-button').setAttribute('aria-checked', isOn);
  word($('microphone-button'), isOn ? 'Mic on' : 'Mic off');
}

function showRemote() {
  const { remote } = now.call;
  const video = $('remote');
  $('hear').hidden = true;
  if (video.srcObject !== remote) {
    video.srcObject = remote;
  }
  if (remote?.getAudioTracks().length) {
    hear();
  }
}

/** Browsers let a page make noise only after somebody touched it; the picture must go on all the same. */
async function hear() {
  const video = $('remote');
  try {
    video.muted = false;
    await video.play();
    $('hear').hidden = true;
  } catch (error) {
    if (error.name === 'NotAllowedError') {
      video.muted = true;
      await video.play();
      $('hear').hidden = false;
    }
  }
}

async function showNumbers() {
  const call = now?.call;
  const report = await call?.stats();
  if (now?.call !== call) {
    return;
  }
  $('local-numbers').textContent = numbers(report, 'outbound-rtp');
  $('remote-numbers').textContent = numbers(report, 'inbound-rtp');
}

function numbers(report, type) {
  const video = [...(report?.values() ?? [])].find((entry) => entry.type === type && entry.kind === 'video');
  if (!video?.frameWidth) {
    return '';
  }
  return `${video.frameWidth} × ${video.frameHeight} · ${Math.round(video.framesPerSecond ?? 0)} fps`;
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
$('leave-button').onclick = () => leave('You left the call. The room is still there for both of you.');
$('again').onclick = connect;
$('hear').onclick = hear;
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
    hint('Your camera is off. The other side sees a moving picture instead.');
  } else if (!(await media.useCamera())) {
    hint('There is no camera, or the browser does not allow it. The other side sees a moving picture.');
  }
};

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
