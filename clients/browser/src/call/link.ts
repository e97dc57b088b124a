// SPDX-License-Identifier: Apache-2.0
import { afterEvents } from '../after-events.js';
import { now } from '../clock.js';
import { Ladder } from './ladder.js';
import { origin, search, sends, trackId } from './sdp.js';
import type { SignalMaker } from './signal-queue.js';
import { candidate, describe, type Signal } from './signals.js';

/** How long an offer that the server has taken may go unanswered, in milliseconds. */
const ANSWER = 10_000;

/**
 * How long a side waits for the other's first offer, in milliseconds, so that two need not meet: the polite one longer.
 * Clients that do not wait come first. Where two first offers meet, Chromium at times never tells the addresses of the
 * side that gives way.
 */
const GIVE_WAY = 250;
const GIVE_WAY_POLITELY = 600;

/**
 * The most candidates of one search for a path: Chromium takes longer for each than for the one before. And the most
 * signals that wait to be applied.
 */
const MOST_CANDIDATES = 200;
const MOST_WAITING = 500;

/** What a link needs of the call, and tells it. */
export interface LinkParty {
  /** Sends a signal to the other side, made when its turn has come; fails if that cannot be. */
  say(make: SignalMaker): Promise<void>;

  /** Whether what is said now would arrive now. */
  isReachable(): boolean;

  /** An offer is sent next. */
  onOffer(): void;
  onState(): void;
  onTrack(event: RTCTrackEvent, id: string): void;

  /** The other side sends it no more. */
  onTrackEnd(track: MediaStreamTrack): void;
  onChannel(channel: RTCDataChannel): void;

  /** The other side has another RTCPeerConnection than before, which these signals and all later ones are about. */
  onForeign(signals: readonly Signal[]): void;

  /**
   * A description could not be made or applied. The link tries again, unless it is closed.
   *
   * @param count how many in succession
   * @param signals those of the other side that are not applied; who closes the link takes them out
   */
  onFault(cause: unknown, count: number, signals: Signal[]): void;
}

/**
 * One RTCPeerConnection to one peer: perfect negotiation, and ICE restarts until there is a path again.
 *
 * Either side may offer at any time; of two offers that meet, the impolite side's counts.
 */
export class Link {
  readonly connection: RTCPeerConnection;
  readonly #party: LinkParty;
  readonly #isPolite: boolean;
  readonly #ladder: Ladder;

  /** What names the other side's RTCPeerConnection. */
  otherOrigin: string | undefined;

  /** What named it before this link. It begins anew on an offer of this link, so its own offers are void till then. */
  #staleOrigin: string | undefined;
  #isOffering = false;

  /** What names the other side's search for a path, and how many candidates of it came. */
  #search: string | undefined;
  #candidates = 0;

  /**
   * Signals of the other side in their order. The first one is being applied: states change meanwhile, and the others
   * wait.
   */
  readonly #signals: Signal[] = [];

  /** Whether the candidates that are received belong to an offer that was ignored. */
  #isIgnoring: boolean;

  /** What the other side sends. */
  readonly #received = new Map<RTCRtpTransceiver, MediaStreamTrack>();

  /** Sent with no more, and not stopped yet. */
  readonly #ended = new Set<RTCRtpTransceiver>();

  /** How many descriptions were made here. Each contains all candidates known by then. */
  readonly #made = { offer: 0, answer: 0 };

  /** Those of them whose turn to be sent has not come. */
  readonly #unsent = new Set<SignalMaker>();

  /** Signals to the other side may be lost. */
  #isUnsure = false;
  #faults = 0;
  #offeredAt = 0;
  #givingWay: ReturnType<typeof setTimeout> | undefined;

  /** @param staleOrigin names the RTCPeerConnection of the other side that the link before was connected to */
  constructor(configuration: RTCConfiguration, isPolite: boolean, party: LinkParty, staleOrigin?: string) {
    this.#party = party;
    this.#staleOrigin = staleOrigin;
    this.#isIgnoring = staleOrigin !== undefined;
    this.#isPolite = isPolite;
    this.#ladder = new Ladder(isPolite, () => this.#restart());
    const connection = new RTCPeerConnection(configuration);
    this.connection = connection;
    connection.onnegotiationneeded = () => (this.otherOrigin === undefined ? this.#giveWay() : void this.#offer());
    connection.onicecandidate = ({ candidate: it }) => it && this.#sayCandidate(it);
    connection.onconnectionstatechange = () => {
      this.#look();
      party.onState();
    };
    connection.onsignalingstatechange = () => this.#look();
    connection.ondatachannel = ({ channel }) => party.onChannel(channel);
    connection.ontrack = (event) => {
      const { track, transceiver } = event;
      this.#received.set(transceiver, track);
      party.onTrack(event, trackId(connection.remoteDescription?.sdp ?? '', transceiver.mid) ?? track.id);
    };
  }

  /** Receives a signal of the other side, and applies it after those before. */
  async receive(signal: Signal): Promise<void> {
    if (this.#signals.length < MOST_WAITING && this.#signals.push(signal) === 1) {
      for (let next: Signal | undefined = signal; next; next = this.#signals[0]) {
        await this.#apply(next);
        this.#signals.shift();
      }
    }
  }

  async #apply(signal: Signal): Promise<void> {
    try {
      if (signal.kind === 'description') {
        await this.#applyDescription(signal.description);
      } else if (signal.kind === 'candidate' && !this.#isIgnoring && ++this.#candidates <= MOST_CANDIDATES) {
        await this.connection.addIceCandidate(signal.candidate);
      }
    } catch (error) {
      if (signal.kind === 'description') {
        this.#fail(error);
      } else {
        this.unsure();
      }
    }
  }

  /** Something said to the other side may not have arrived. */
  unsure(): void {
    if (!this.#isFine && this.connection.signalingState !== 'closed') {
      this.#isUnsure = true;
      this.#ladder.climb();
    }
  }

  /** Sends the offer that waits for an answer again. */
  repeat(): void {
    if (this.connection.signalingState === 'have-local-offer') {
      this.#party.onOffer();
      this.#sayDescription('offer');
    }
  }

  /** The other side, or the server, can be reached again: what waited may go on now. */
  reachable(): void {
    this.#offeredAt = now();
    this.#ladder.hurry();
  }

  /**
   * Sends with it no more. Its line of the description is freed for the next track, so that descriptions do not grow
   * with each screen share, unless the other side sends in it, too, or it is the only one, which keeps the path.
   */
  stopSending(sender: RTCRtpSender): void {
    const transceiver = this.#transceiver(sender);
    if (transceiver?.direction === 'sendonly') {
      this.#ended.add(transceiver);
    }
    this.connection.removeTrack(sender);
    this.#freeLines();
  }

  /** Whether the other side has answered an offer of the track that is sent with it. */
  isAgreed(sender: RTCRtpSender): boolean {
    return this.#transceiver(sender)?.currentDirection != null;
  }

  /** Returns the id the other side knows a track by that is sent here; undefined before it was offered. */
  sentId(sender: RTCRtpSender): string | undefined {
    return trackId(this.connection.localDescription?.sdp ?? '', this.#transceiver(sender)?.mid ?? null);
  }

  /** From the next search for a path on. */
  useIceServers(iceServers: RTCIceServer[]): void {
    if (this.connection.signalingState !== 'closed') {
      this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers });
    }
  }

  close(): void {
    const { connection } = this;
    this.#ladder.stop();
    this.#unsent.clear();
    clearTimeout(this.#givingWay);
    connection.onnegotiationneeded = connection.onicecandidate = connection.onconnectionstatechange = null;
    connection.onsignalingstatechange = connection.ondatachannel = connection.ontrack = null;
    connection.close();
  }

  #transceiver(sender: RTCRtpSender): RTCRtpTransceiver | undefined {
    return this.connection.getTransceivers().find((it) => it.sender === sender);
  }

  /** Begins a round anew, after a description that does not fit. */
  #fail(error: unknown): void {
    if (this.connection.signalingState !== 'closed') {
      this.#party.onFault(error, ++this.#faults, this.#signals);
      this.unsure();
    }
  }

  get #isFine(): boolean {
    return this.connection.connectionState === 'connected' && this.connection.signalingState === 'stable';
  }

  #say(make: SignalMaker): void {
    this.#party.say(make).catch(() => this.unsure());
  }

  /** Sends the candidate, unless a description is sent behind it, which contains it. */
  #sayCandidate(it: RTCIceCandidate): void {
    this.#say(() => (this.#unsent.size > 0 ? undefined : candidate(it)));
  }

  /**
   * Sends the description that was just made, as it is when its turn has come, unless it counts no longer by then. It
   * is sent after the events that the browser has queued: addresses that it has found already need no signals of their
   * own.
   */
  #sayDescription(type: 'offer' | 'answer'): void {
    const { connection } = this;
    const made = ++this.#made[type];
    const make: SignalMaker = () => {
      this.#unsent.delete(make);
      const description = type === 'offer' ? connection.pendingLocalDescription : connection.currentLocalDescription;
      if (made !== this.#made[type] || description?.type !== type) {
        return undefined;
      }
      if (type === 'offer') {
        this.#offeredAt = now();
      }
      return describe(description);
    };
    this.#unsent.add(make);
    afterEvents(() => this.#unsent.has(make) && this.#say(make));
  }

  /** Once the other side's offer is answered the browser asks again, if there still is something to offer. */
  #giveWay(): void {
    const time = this.#isPolite ? GIVE_WAY_POLITELY : GIVE_WAY;
    this.#givingWay ??= setTimeout(() => {
      this.#givingWay = undefined;
      const isApplying = this.#signals[0]?.kind === 'description';
      if (this.otherOrigin === undefined && !isApplying && this.connection.signalingState === 'stable') {
        void this.#offer();
      }
    }, time);
  }

  async #offer(): Promise<void> {
    try {
      this.#isOffering = true;
      await this.connection.setLocalDescription();
      this.#isUnsure = false;
      this.#party.onOffer();
      this.#sayDescription('offer');
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isOffering = false;
    }
  }

  async #applyDescription(description: RTCSessionDescriptionInit & { readonly sdp: string }): Promise<void> {
    const { connection } = this;
    const isOffer = description.type === 'offer';
    const from = origin(description.sdp);
    if (this.otherOrigin !== undefined && from !== this.otherOrigin) {
      this.#party.onForeign(this.#signals.splice(0));
      return;
    }
    if (isOffer && from && from === this.#staleOrigin && connection.getTransceivers().length > 0) {
      return;
    }
    const isReady = !this.#isOffering && connection.signalingState === 'stable';
    this.#isIgnoring = isOffer && !isReady && !this.#isPolite;
    if (this.#isIgnoring || (!isOffer && connection.signalingState !== 'have-local-offer')) {
      return;
    }
    await connection.setRemoteDescription(description);
    this.otherOrigin = from;
    const searching = search(description.sdp);
    if (searching !== this.#search) {
      this.#search = searching;
      this.#candidates = 0;
    }
    if (isOffer) {
      this.#listen(description.sdp);
      await connection.setLocalDescription();
      this.#sayDescription('answer');
    }
    this.#received.forEach((track, transceiver) => {
      if (!['recvonly', 'sendrecv'].includes(transceiver.currentDirection ?? '')) {
        this.#received.delete(transceiver);
        this.#party.onTrackEnd(track);
      }
    });
    this.#freeLines();
  }

  /**
   * Stops transceivers that were sent with, once the other side has answered an offer of them. Chromium never drops
   * one that is stopped before: it asks for negotiations without end, and after a rollback new lines meet its place,
   * so that no offer can be made any more, or the wrong transceiver is in it.
   */
  #freeLines(): void {
    for (const it of this.#ended) {
      const all = this.connection.getTransceivers();
      const agreed = all.filter(({ currentDirection, direction }) => currentDirection && direction !== 'stopped');
      if (agreed.length > 1 && agreed.includes(it)) {
        this.#ended.delete(it);
        it.stop();
      }
    }
  }

  /**
   * The other side may send where only we did: clients that use `addTrack` take any line that is free in one direction.
   */
  #listen(sdp: string): void {
    for (const transceiver of this.connection.getTransceivers()) {
      if (sends(sdp, transceiver.mid)) {
        if (this.#ended.delete(transceiver)) {
          transceiver.direction = 'recvonly';
        } else if (transceiver.direction === 'sendonly') {
          transceiver.direction = 'sendrecv';
        }
      }
    }
  }

  /** After a change of states: whether to look for a path. */
  #look(): void {
    if (this.#isFine) {
      this.#isUnsure = false;
      this.#faults = 0;
      this.#ladder.stop();
    } else if (['disconnected', 'failed'].includes(this.connection.connectionState)) {
      this.#ladder.climb();
    } else if (this.otherOrigin ?? this.#staleOrigin) {
      this.#ladder.search();
    }
  }

  #restart(): void {
    const { connection } = this;
    this.#staleOrigin = undefined; // it may not know the link before, and so does not begin anew
    const isWaiting = connection.signalingState !== 'stable';
    if (!this.#party.isReachable() || (isWaiting && !this.#isUnsure && now() - this.#offeredAt < ANSWER)) {
      return;
    }
    if (connection.signalingState === 'have-local-offer') {
      connection.setLocalDescription({ type: 'rollback' }).then(
        () => connection.restartIce(),
        () => undefined,
      );
    } else {
      connection.restartIce(); // asks for a negotiation
    }
  }
}
