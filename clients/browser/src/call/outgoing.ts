// SPDX-License-Identifier: Apache-2.0
import type { Link } from './link.js';
import type { SignalQueue } from './signal-queue.js';
import { aboutTrack, type StreamMetadata } from './signals.js';

/** How a track is sent, decided before anything is negotiated. The browser decides what is not given. */
export interface SendOptions {
  /** Layers of the picture, bit rates and the like, as in `RTCPeerConnection.addTransceiver`. */
  readonly sendEncodings?: RTCRtpEncodingParameters[];

  /** Codecs in the order of preference, as in `RTCRtpTransceiver.setCodecPreferences`, where the browser has that. */
  readonly codecs?: RTCRtpCodec[];
}

/** A track that is sent to everybody. */
export interface OutgoingTrack {
  track: MediaStreamTrack;
  readonly stream: MediaStream | undefined;
  readonly metadata: StreamMetadata | undefined;
  readonly options: SendOptions;
}

/** The tracks that are sent over one connection, and what the application decides about its transceivers. */
export class SentTracks {
  readonly #link: Link;
  readonly #signals: SignalQueue;
  readonly #onTransceiver: (transceiver: RTCRtpTransceiver) => void;
  readonly #fail: (error: unknown) => void;
  readonly #senders = new Map<OutgoingTrack, RTCRtpSender>();

  /** What is not agreed on yet. A track that is removed may be in an offer that is being made. */
  readonly #offered = new Map<RTCRtpSender, OutgoingTrack>();

  /** Transceivers that the application has set up. */
  readonly #prepared = new WeakSet<RTCRtpTransceiver>();

  /**
   * @param onTransceiver lets the application set up a transceiver
   * @param fail reports what the application or the browser throws meanwhile; the call goes on
   */
  constructor(
    link: Link,
    signals: SignalQueue,
    onTransceiver: (transceiver: RTCRtpTransceiver) => void,
    fail: (error: unknown) => void,
  ) {
    this.#link = link;
    this.#signals = signals;
    this.#onTransceiver = onTransceiver;
    this.#fail = fail;
  }

  /** Sends a track, unless it is sent already. */
  attach(outgoing: OutgoingTrack): void {
    if (!this.#senders.has(outgoing)) {
      const transceiver = this.#addTransceiver(outgoing);
      this.#senders.set(outgoing, transceiver.sender);
      this.#offered.set(transceiver.sender, outgoing);
      this.prepare(transceiver);
    }
  }

  /** Lets the application set up a transceiver, which sends or receives, once. */
  prepare(transceiver: RTCRtpTransceiver): void {
    if (!this.#prepared.has(transceiver)) {
      this.#prepared.add(transceiver);
      this.#attempt(() => this.#onTransceiver(transceiver));
    }
  }

  /** Stops sending a track. */
  detach(outgoing: OutgoingTrack): void {
    const sender = this.#senders.get(outgoing);
    if (sender) {
      this.#senders.delete(outgoing);
      this.#link.stopSending(sender);
    }
  }

  /** Sends the track that the entry has now. */
  async replace(outgoing: OutgoingTrack): Promise<void> {
    await this.#senders.get(outgoing)?.replaceTrack(outgoing.track);
  }

  /**
   * Sends the metadata of the tracks that are offered and not agreed on yet, ahead of the offer: with each offer, as
   * the other side may not have been in the call when the one before was sent. Firefox gives a track another id in its
   * descriptions than it has itself.
   */
  sendLabels(): void {
    for (const [sender, { track, metadata }] of this.#offered) {
      if (this.#link.isAgreed(sender)) {
        this.#offered.delete(sender);
      } else if (metadata) {
        const id = this.#link.sentId(sender) ?? track.id;
        // A label, and the room says if the peer is gone.
        this.#signals.add(() => aboutTrack(id, metadata)).catch(() => undefined);
      }
    }
  }

  /**
   * Not addTrack: it may share a line of the description with a track that is received, and then the other side knows
   * the track that is sent by no id.
   */
  #addTransceiver({ track, stream, options }: OutgoingTrack): RTCRtpTransceiver {
    const { connection } = this.#link;
    const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: stream ? [stream] : [] };
    let transceiver: RTCRtpTransceiver | undefined;
    this.#attempt(() => {
      transceiver = connection.addTransceiver(track, { ...options, ...init });
      if (options.codecs) {
        transceiver.setCodecPreferences?.(options.codecs);
      }
    });
    return transceiver ?? connection.addTransceiver(track, init);
  }

  #attempt(setUp: () => void): void {
    try {
      setUp();
    } catch (error) {
      this.#fail(error);
    }
  }
}
