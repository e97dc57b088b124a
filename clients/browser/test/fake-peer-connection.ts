// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, vi } from 'vitest';

type Type = 'offer' | 'answer';

interface Description {
  readonly type: Type;
  readonly sdp: string;
}

/** A track that ends by itself when the test dispatches `ended`. */
export function fakeTrack(id: string): MediaStreamTrack {
  return Object.assign(new EventTarget(), { id, kind: 'video' }) as MediaStreamTrack;
}

/** The test decides what is agreed: `mid` and `currentDirection`. */
export interface FakeTransceiver {
  readonly sender: { track: object; replaceTrack(by: object): Promise<void> };
  readonly init: RTCRtpTransceiverInit;
  codecs: readonly RTCRtpCodec[];
  mid: string | null;
  direction: string;
  currentDirection: string | null;
  setCodecPreferences(codecs: RTCRtpCodec[]): void;
  stop(): void;
}

/** The signaling part of an RTCPeerConnection: states and descriptions, with the candidates the test gives it. */
export class FakePeerConnection {
  /** All that were made, in order. */
  static readonly all: FakePeerConnection[] = [];

  signalingState = 'stable';
  connectionState = 'new';
  remoteDescription: Description | null = null;
  onnegotiationneeded: (() => unknown) | null = null;
  onicecandidate: ((event: { readonly candidate: object | null }) => unknown) | null = null;
  onconnectionstatechange: (() => unknown) | null = null;
  onsignalingstatechange: (() => unknown) | null = null;
  ondatachannel: unknown = null;
  ontrack: ((event: object) => unknown) | null = null;
  restarts = 0;

  /** How many descriptions of the other side were applied. */
  applied = 0;

  /** Tracks that are sent. */
  readonly sent = new Set<object>();

  /** Transceivers that were added. */
  readonly added: FakeTransceiver[] = [];

  /** Candidates of the other side, which are not tried. */
  readonly candidates: string[] = [];

  /** How long it takes to apply a description of the other side, in milliseconds. */
  applyMs = 0;
  #operations = Promise.resolve();
  readonly #candidates: string[] = [];
  #pending: string | undefined;
  #current: { readonly type: Type; readonly name: string } | undefined;
  #descriptions = 0;

  constructor(readonly configuration: object = {}) {
    FakePeerConnection.all.push(this);
  }

  /** The latest one. */
  static get last(): FakePeerConnection {
    const last = FakePeerConnection.all.at(-1);
    if (!last) {
      throw new Error('no connection was made');
    }
    return last;
  }

  get pendingLocalDescription(): Description | null {
    return this.#pending === undefined ? null : this.#describe('offer', this.#pending);
  }

  get currentLocalDescription(): Description | null {
    return this.#current ? this.#describe(this.#current.type, this.#current.name) : null;
  }

  get localDescription(): Description | null {
    return this.pendingLocalDescription ?? this.currentLocalDescription;
  }

  addTransceiver(track: object, init: RTCRtpTransceiverInit = {}): FakeTransceiver {
    if (init.sendEncodings?.some(({ maxBitrate = 1 }) => maxBitrate < 0)) {
      throw new RangeError('maxBitrate is negative');
    }
    this.sent.add(track);
    queueMicrotask(() => this.onnegotiationneeded?.());
    const sender = {
      track,
      replaceTrack: async (by: object): Promise<void> => {
        this.sent.delete(sender.track);
        this.sent.add((sender.track = by));
      },
    };
    const transceiver: FakeTransceiver = {
      sender,
      init,
      codecs: [],
      mid: null,
      direction: init.direction ?? 'sendrecv',
      currentDirection: null,
      stop: () => void (transceiver.direction = 'stopped'),
      setCodecPreferences: (codecs: RTCRtpCodec[]): void => {
        if (codecs.some(({ mimeType }) => mimeType === 'video/unknown')) {
          throw new DOMException('codec not supported', 'InvalidModificationError');
        }
        transceiver.codecs = codecs;
      },
    };
    this.added.push(transceiver);
    return transceiver;
  }

  removeTrack(sender: { readonly track: object }): void {
    this.sent.delete(sender.track);
    this.added.filter((it) => it.sender === sender).forEach((it) => (it.direction = 'inactive'));
  }

  getTransceivers(): FakeTransceiver[] {
    return this.added;
  }

  getConfiguration(): object {
    return {};
  }

  setConfiguration(): void {
    // no servers are asked
  }

  restartIce(): void {
    this.restarts++;
    queueMicrotask(() => this.onnegotiationneeded?.());
  }

  setLocalDescription(description?: { readonly type: string }): Promise<void> {
    return this.#operate(() => this.#setLocal(description));
  }

  /** An offer rolls back what was offered here. */
  setRemoteDescription(description: Description): Promise<void> {
    return this.#operate(async () => {
      if (this.applyMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, this.applyMs));
      }
      this.#setRemote(description);
    });
  }

  addIceCandidate({ candidate = '' }: RTCIceCandidateInit): Promise<void> {
    return this.#operate(() => {
      if (!this.remoteDescription) {
        throw new DOMException('there is no remote description', 'InvalidStateError');
      }
      this.candidates.push(candidate);
    });
  }

  close(): void {
    this.signalingState = this.connectionState = 'closed';
  }

  /** Finds an address of this side. */
  gather(candidate: string): void {
    this.#candidates.push(candidate);
    this.onicecandidate?.({ candidate: { candidate, sdpMid: '0' } });
  }

  /** One operation after the other, as in browsers (WebRTC 1.0 section 4.4.1.2). */
  #operate(operation: () => void | Promise<void>): Promise<void> {
    const done = this.#operations.then(operation);
    this.#operations = done.catch(() => undefined);
    return done;
  }

  #setLocal(description?: { readonly type: string }): void {
    const name = `${++this.#descriptions}`;
    if (description?.type === 'rollback') {
      this.#pending = undefined;
      this.#change('stable');
    } else if (this.signalingState === 'have-remote-offer') {
      this.#current = { type: 'answer', name };
      this.#change('stable');
    } else {
      this.#pending = name;
      this.#change('have-local-offer');
    }
  }

  #setRemote(description: Description): void {
    this.applied++;
    this.remoteDescription = description;
    if (description.type === 'answer' && this.#pending !== undefined) {
      this.#current = { type: 'offer', name: this.#pending };
    }
    this.#pending = undefined;
    this.#change(description.type === 'offer' ? 'have-remote-offer' : 'stable');
  }

  #describe(type: Type, name: string): Description {
    const lines = ['v=0', `o=- 1 ${name} IN IP4 127.0.0.1`, ...this.#candidates.map((it) => `a=${it}`), ''];
    return { type, sdp: lines.join('\r\n') };
  }

  #change(state: string): void {
    if (this.signalingState !== state) {
      this.signalingState = state;
      this.onsignalingstatechange?.();
    }
  }
}

/** Gives the tests of a file a clock of their own and this RTCPeerConnection. */
export function useFakeCalls(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_790_000_000_000 });
    vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
    FakePeerConnection.all.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}
