// SPDX-License-Identifier: Apache-2.0
// Sound and picture to and from one other tab: an RTCPeerConnection.
//
// Only who starts a link makes offers, so two never meet. Both directions are there from the first offer on: switching
// the microphone or the camera replaces what is sent, and needs no negotiation.

/** What each of us sends the smaller the more there are: for one other, for up to three, for more. */
const THRIFT = [
  { others: 1, encoding: { scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 30 } },
  { others: 3, encoding: { scaleResolutionDownBy: 2, maxBitrate: 700_000, maxFramerate: 20 } },
  { others: Infinity, encoding: { scaleResolutionDownBy: 3, maxBitrate: 300_000, maxFramerate: 12 } },
];

export class Link extends EventTarget {
  /** What the other side sends. Event `state` tells of a change of `state`. */
  remote = new MediaStream();
  #isStarter;
  #media;
  #say;
  #connection;
  #encoding;

  /** What happens is handled one after the other: no candidate may come before the description it belongs to. */
  #handled = Promise.resolve();
  #sendVideo = () => this.#send('video', this.#media.video);
  #sendMicrophone = () => this.#send('audio', this.#media.microphone);

  /** The two sides of a link know it by the same `id`. `say` takes messages to the other side; `others`: see `share`. */
  constructor({ id, isStarter, media, iceServers, say, others }) {
    super();
    this.id = id;
    this.#isStarter = isStarter;
    this.#media = media;
    this.#say = say;
    this.#encoding = encodingFor(others);
    this.#connection = this.#open(iceServers);
    media.addEventListener('video', this.#sendVideo);
    media.addEventListener('microphone', this.#sendMicrophone);
    if (isStarter) {
      const streams = [media.stream];
      this.#connection.addTransceiver(media.microphone ?? 'audio', { streams });
      this.#connection.addTransceiver(media.video, { streams, sendEncodings: [this.#encoding] });
    }
  }

  /** The state of the RTCPeerConnection. */
  get state() {
    return this.#connection.connectionState;
  }

  /** Whether it would go on if nobody touched it. */
  get isSound() {
    return this.state === 'connected' && this.#connection.signalingState === 'stable';
  }

  /** A message of the other side's link. */
  receive(message) {
    this.#inTurn(async () => {
      switch (message.type) {
        case 'description':
          await this.#apply(message.description);
          break;
        case 'candidate':
          await this.#connection.addIceCandidate(message.candidate);
          break;
        case 'restart':
          if (this.#isStarter) {
            this.#restart();
          }
          break;
      }
    });
  }

  /** How many the picture goes to, this link included. */
  share(others) {
    const encoding = encodingFor(others);
    if (encoding !== this.#encoding) {
      this.#encoding = encoding;
      this.#inTurn(() => this.#encode());
    }
  }

  stats() {
    return this.#connection.getStats();
  }

  close() {
    this.#media.removeEventListener('video', this.#sendVideo);
    this.#media.removeEventListener('microphone', this.#sendMicrophone);
    this.#connection.onnegotiationneeded = null; // these may still be under way
    this.#connection.onicecandidate = null;
    this.#connection.onconnectionstatechange = null;
    this.#connection.ontrack = null;
    this.#connection.close();
  }

  #open(iceServers) {
    const connection = new RTCPeerConnection({ iceServers });
    connection.onnegotiationneeded = () => this.#isStarter && this.#inTurn(() => this.#describe());
    connection.onicecandidate = ({ candidate }) => candidate && this.#say({ type: 'candidate', candidate });
    connection.ontrack = ({ track }) => this.remote.addTrack(track);
    connection.onconnectionstatechange = () => {
      if (this.state === 'failed') {
        this.#restart();
      } else if (this.state === 'connected') {
        this.#inTurn(() => this.#encode());
      }
      this.dispatchEvent(new Event('state'));
    };
    return connection;
  }

  /** Looks for a new way to the other side. */
  #restart() {
    if (this.#isStarter) {
      this.#connection.restartIce(); // asks for a negotiation
    } else {
      this.#say({ type: 'restart' });
    }
  }

  async #describe() {
    await this.#connection.setLocalDescription();
    this.#say({ type: 'description', description: this.#connection.localDescription });
  }

  async #apply(description) {
    if ((description.type === 'offer') === this.#isStarter) {
      return;
    }
    await this.#connection.setRemoteDescription(description);
    if (!this.#isStarter) {
      await this.#join();
      await this.#describe();
    }
  }

  /** What the starter opened goes both ways. */
  async #join() {
    for (const transceiver of this.#connection.getTransceivers()) {
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams?.(this.#media.stream); // so that lips and voice keep together
    }
    await Promise.all([this.#sendVideo(), this.#sendMicrophone()]);
    await this.#encode();
  }

  #sender(kind) {
    return this.#connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind)?.sender;
  }

  async #send(kind, track) {
    if (this.state !== 'closed') {
      await this.#sender(kind)?.replaceTrack(track ?? null);
    }
  }

  async #encode() {
    const sender = this.#sender('video');
    const parameters = sender?.getParameters();
    if (parameters?.encodings?.length) { // else there is nothing agreed yet, and it is done once connected
      parameters.encodings.forEach((encoding) => Object.assign(encoding, this.#encoding));
      await sender.setParameters(parameters);
    }
  }

  #inTurn(step) {
    this.#handled = this.#handled
      .then(() => this.state !== 'closed' && step())
      .catch((error) => this.state !== 'closed' && console.warn(error));
  }
}

function encodingFor(others) {
  return THRIFT.find((step) => others <= step.others).encoding;
}
