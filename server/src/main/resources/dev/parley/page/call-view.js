// SPDX-License-Identifier: Apache-2.0

import { Chat } from '/chat.js';
import { choice } from '/choices.js';
import { $, buttonsOf, label, setText } from '/dom.js';
import { Hood } from '/hood.js';
import { problemOf, showProblem } from '/own-view.js';
import { Panels } from '/panels.js';
import { movable } from '/self-view.js';
import { Stage } from '/stage.js';
import { share } from '/thrift.js';
import { keepAwake } from '/wake-lock.js';
import { lobbyWords, mediaOf } from '/words.js';

const HINT_MS = 6000;

/** The highest number of unread messages that is shown. */
const MOST_UNREAD = 99;
const SERVER_LOST =
  'The signaling server is lost. The call goes on without it, and this page keeps trying to reach it.';

/** The view of a call: stage, toolbar, panels and messages to the user. */
export class CallView {
  panels = new Panels();

  /** What the buttons of the view do. */
  actions = {
    'chat': (button) => this.panels.toggle('chat', button),
    'settings': (button) => this.panels.toggle('settings', button),
    'hood': (button) => this.panels.toggle('hood', button),
    'close-panel': () => this.panels.close(),
    'more': () => this.panels.toggleMenu(),
    'screen': () => this.#shareScreen(),
    'full': () => this.#toggleFullScreen(),
    'dismiss': () => this.#visit.media.dismiss(),
    'hear': () => this.#hear(),
    'cut': () => this.#cut(),
  };
  #visit = null;
  #name = null;
  #stage = null;
  #hood = null;
  #letSleep = null;
  #hintTimer = 0;
  #chat = new Chat({
    people: () => this.#visit.group.people,
    send: (id, text, isDirect) => this.#visit.group.say(id, text, isDirect),
  });

  constructor() {
    movable($('own'), $('mover'), $('stage'));
    this.panels.addEventListener('change', () => {
      if (this.#chat.isOpen) {
        this.#chat.opened();
      }
      this.#showUnread();
    });
    document.addEventListener('fullscreenchange', () => {
      label('full', document.fullscreenElement ? 'Exit full screen' : 'Full screen');
    });
    buttonsOf('full').forEach((button) => (button.hidden = !document.fullscreenEnabled));
    buttonsOf('screen').forEach((button) => (button.hidden = !navigator.mediaDevices?.getDisplayMedia));
  }

  /** Shows a visit, which need not have joined yet. */
  open(visit, name) {
    this.#visit = visit;
    this.#name = name;
    this.#stage = new Stage(visit.playback);
    this.#hood = new Hood(visit);
    this.#letSleep = keepAwake();
    this.#chat.clear();
    this.panels.close();
    this.panels.closeMenu();
    this.hint('');
    $('hear').hidden = true;
    this.#follow(visit);
    this.show();
  }

  /** The visit has joined: it is measured now. */
  joined() {
    const { group, statistics } = this.#visit;
    if (choice('audiooutput')) {
      this.useLoudspeaker(choice('audiooutput'));
    }
    statistics.on('update', ({ peers }) => {
      const changes = [...peers].map(([id, measured]) => group.person(id)?.measure(measured));
      if (changes.includes(true)) {
        this.#stage?.show(group.people);
      }
    });
    this.show();
  }

  close() {
    this.#stage?.close();
    this.#hood?.close();
    this.#letSleep?.();
    this.panels.close();
    this.panels.closeMenu();
    this.#stage = null;
    this.#hood = null;
    if (document.fullscreenElement) {
      document.exitFullscreen().catch(() => undefined); // ended meanwhile
    }
  }

  /** Shows everything that depends on the states of the call. */
  show() {
    if (!this.#stage) {
      return;
    }
    const { group, signaling } = this.#visit;
    this.#showLobby(signaling, group.people.length);
    this.#stage.show(group.people);
    this.#hood.show(this.#name.shown);
    this.#showProblem(signaling);
  }

  /** Closes what lies on top. */
  escape() {
    if (!this.panels.closeMenu() && !this.panels.close()) {
      this.#visit.media.dismiss();
    } else if (document.activeElement === document.body) {
      $('more-button').focus();
    }
  }

  /** Tells the user something for some seconds. */
  hint(text) {
    setText($('hint'), text);
    clearTimeout(this.#hintTimer);
    this.#hintTimer = setTimeout(() => setText($('hint'), ''), HINT_MS);
  }

  useLoudspeaker(deviceId) {
    this.#stage?.useLoudspeaker(deviceId);
  }

  #follow(visit) {
    const { group, media, playback, server } = visit;
    const whileHere = (step) => (event) => this.#visit === visit && this.#stage && step(event);
    const on = (source, kind, step) => source.addEventListener(kind, whileHere(step));
    on(server, 'state', () => this.show());
    on(server, 'resumed', ({ detail }) => this.hint(`The server is back after ${detail.ms} ms. Nobody saw you leave.`));
    on(server, 'lost', ({ detail }) => this.hint(`The server is back after ${Math.ceil(detail.ms / 1000)} s.`));
    on(group, 'change', () => this.show());
    on(group, 'came', ({ detail }) => this.hint(`${detail.name} is here.`));
    on(group, 'went', ({ detail }) => {
      this.hint(`${detail.name} has left.`);
      this.#chat.deliveries.left(detail.id);
    });
    on(group, 'chat', ({ detail }) => {
      this.#chat.receive(detail.person, detail.text, detail.isDirect);
      this.#showUnread();
    });
    on(group, 'chat-omitted', ({ detail }) => this.#chat.omit(detail));
    on(group, 'received', ({ detail }) => this.#chat.deliveries.received(detail.id, detail.person.id));
    on(media, 'change', () => share(visit.call.peers, media.screenTracks));
    playback.on('blocked', whileHere(() => ($('hear').hidden = false)));
  }

  #showLobby(signaling, others) {
    const { headline, text, again } = lobbyWords(signaling, this.#visit.refusal);
    $('lobby').hidden = others > 0;
    setText($('lobby-headline'), headline);
    setText($('lobby-text'), text);
    $('invitation').hidden = signaling !== 'connected';
    $('again').hidden = !again;
    setText($('again'), again);
  }

  /** A lost server comes first: it is what others may ask about. */
  #showProblem(signaling) {
    const { group, media } = this.#visit;
    const isAlone = mediaOf(group.people).state === 'none';
    const isLost = signaling === 'lost' && !isAlone;
    showProblem($('problem'), isLost ? SERVER_LOST : problemOf(media));
    $('problem').querySelectorAll('button').forEach((button) => (button.hidden = isLost));
  }

  #showUnread() {
    const { unread } = this.#chat;
    setText($('unread'), unread > MOST_UNREAD ? `${MOST_UNREAD}+` : String(unread || ''));
    $('unread').hidden = unread === 0;
  }

  #shareScreen() {
    const { media } = this.#visit;
    return media.isSharing ? media.stopScreen() : media.shareScreen();
  }

  #toggleFullScreen() {
    const step = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    step.catch(() => this.hint('Your browser does not allow full screen here.'));
  }

  async #hear() {
    const { playback } = this.#visit;
    await playback.start();
    $('hear').hidden = !playback.isBlocked;
  }

  #cut() {
    this.hint('The connection to the server is cut. Watch the pictures.');
    this.#visit.server.cut();
  }
}
