// SPDX-License-Identifier: Apache-2.0
// The call with the other side: an RTCPeerConnection, negotiated so that both may start at any time.
//
// Two messages carry it, `description` and `ice`, and any client that speaks them may be the other side. Two more are
// for pages like this one: `hello` says who we are whenever we meet, so that a call that outlived its signaling is kept
// and a new tab gets a new one; `bye` says that we leave, as the server does not.

/** The other side has this long to say something before we start the call, in case it waits for us. */
const SILENCE_MS = 1000;

/** The same while a call goes on without its signaling: there is no hurry, and a slow machine may take long. */
const SILENCE_IN_CALL_MS = 10_000;

export class Call extends EventTarget {
  /** What the other side sends, or null. Events: `remote` when this changes, `state`. */
  remote = null;
  #id = crypto.getRandomValues(new Uint32Array(4)).join('-');
  #signaling;
  #media;
  #connection = null;

  /** The other side's id; null if it is a client without one. */
  #otherId = null;

  /** We came second, so our offer gives way when two meet. */
  #isPolite = false;
  #isMakingOffer = false;
  #isIgnoringOffer = false;

  /** Nothing was heard from the other side since we met. */
  #isStranger = true;
  #silence = 0;

  /** Whose call we said we could go on with when we met. */
  #claim = null;
  #owesOffer = false;

  /**
   * What happens is handled one after the other: an answer still being applied must not look like a collision, and what
   * waits for a connection that gets closed meanwhile would wait forever.
   */
  #handled = Promise.resolve();

  constructor(signaling, media) {
    super();
    this.#signaling = signaling;
    this.#media = media;
    signaling.addEventListener('meet', ({ detail }) => this.#inTurn(() => this.#meet(detail.polite)));
    signaling.addEventListener('message', ({ detail }) => this.#inTurn(() => this.#receive(detail)));
    media.addEventListener('video', () => this.#sender('video')?.replaceTrack(media.video));
    media.addEventListener('microphone', () => this.#sendMicrophone());
  }

  /** The state of the RTCPeerConnection, `none` without one. */
  get state() {
    return this.#connection?.connectionState ?? 'none';
  }

  stats() {
    return this.#connection?.getStats();
  }

  /** Leaves for good. */
  close() {
    clearTimeout(this.#silence);
    this.#signaling.send({ type: 'bye' });
    this.#drop();
  }

  #inTurn(step) {
    this.#handled = this.#handled.then(step).catch((error) => console.warn(error));
  }

  #meet(isPolite) {
    this.#isPolite = isPolite;
    this.#isStranger = true;
    this.#claim = this.#isSound() ? this.#otherId : null;
    this.#signaling.send({ type: 'hello', id: this.#id, knows: this.#claim });
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#inTurn(() => this.#begin()), this.#claim ? SILENCE_IN_CALL_MS : SILENCE_MS);
  }

  #begin() {
    if (this.#isStranger) {
      this.#isStranger = false;
      this.#drop();
      this.#connect();
    }
  }

  async #receive(message) {
    switch (message.type) {
      case 'hello':
        if (this.#isStranger) {
          this.#getToKnow(message.id, message.id === this.#claim && message.knows === this.#id);
        } else {
          this.#otherId = message.id; // it was slow, and the call has begun without it
        }
        break;
      case 'description':
        if (this.#isStranger) {
          this.#getToKnow(null, false);
        }
        await this.#apply(message.description);
        break;
      case 'ice':
        await this.#addCandidate(message.candidate);
        break;
      case 'bye':
        clearTimeout(this.#silence);
        this.#drop();
        this.#signaling.left();
        break;
    }
  }

  /** Both sides come to the same decision, as it rests only on what both have said. */
  #getToKnow(id, isSameCall) {
    clearTimeout(this.#silence);
    this.#isStranger = false;
    if (isSameCall) {
      if (this.#owesOffer) {
        this.#offer();
      }
      return;
    }
    this.#drop();
    this.#otherId = id;
    if (id && !this.#isPolite) {
      this.#connect(); // the first offer is ours; any other client makes its own
    }
  }

  #connect() {
    const connection = new RTCPeerConnection();
    this.#connection = connection;
    this.#isMakingOffer = false;
    this.#isIgnoringOffer = false;
    this.#owesOffer = false;
    connection.onnegotiationneeded = () => this.#offer();
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) {
        this.#signaling.send({ type: 'ice', candidate });
      }
    };
    connection.ontrack = ({ track, streams }) => {
      this.remote = streams[0] ?? new MediaStream([...(this.remote?.getTracks() ?? []), track]);
      this.dispatchEvent(new Event('remote'));
    };
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === 'failed') {
        connection.restartIce();
      }
      this.dispatchEvent(new Event('state'));
    };
    for (const track of this.#media.stream.getTracks()) {
      connection.addTrack(track, this.#media.stream);
    }
    this.dispatchEvent(new Event('state'));
  }

  #drop() {
    if (this.#connection) {
      // Its events may still be under way.
      this.#connection.onnegotiationneeded = null;
      this.#connection.onicecandidate = null;
      this.#connection.onconnectionstatechange = null;
      this.#connection.ontrack = null;
      this.#connection.close();
    }
    this.#connection = null;
    this.#otherId = null;
    this.remote = null;
    this.dispatchEvent(new Event('remote'));
    this.dispatchEvent(new Event('state'));
  }

  async #offer() {
    const connection = this.#connection;
    this.#owesOffer = this.#signaling.state !== 'paired' || this.#isStranger;
    if (this.#owesOffer) {
      return;
    }
    try {
      this.#isMakingOffer = true;
      await connection.setLocalDescription();
      this.#describe(connection);
    } catch (error) {
      if (connection === this.#connection) {
        console.warn(error);
      }
    } finally {
      if (connection === this.#connection) {
        this.#isMakingOffer = false;
      }
    }
  }

  async #apply(description) {
    if (!this.#connection) {
      this.#connect();
    }
    const connection = this.#connection;
    const isOffer = description.type === 'offer';
    if (!isOffer && connection.signalingState !== 'have-local-offer') {
      return; // the answer to an offer we gave up
    }
    const collides = isOffer && (this.#isMakingOffer || connection.signalingState !== 'stable');
    this.#isIgnoringOffer = collides && !this.#isPolite;
    if (this.#isIgnoringOffer) {
      return;
    }
    await connection.setRemoteDescription(description); // takes our own offer back if the two collide
    if (isOffer) {
      await connection.setLocalDescription();
      this.#describe(connection);
    }
  }

  async #addCandidate(candidate) {
    if (this.#isStranger) {
      return;
    }
    try {
      await this.#connection?.addIceCandidate(candidate);
    } catch (error) {
      if (!this.#isIgnoringOffer) {
        throw error;
      }
    }
  }

  #describe(connection) {
    if (connection === this.#connection) {
      this.#signaling.send({ type: 'description', description: connection.localDescription });
    }
  }

  /** Whether the call can go on: a path that is lost for some seconds on a busy device comes back, or ICE restarts. */
  #isSound() {
    const { connectionState, signalingState } = this.#connection ?? {};
    return ['connected', 'disconnected'].includes(connectionState) && signalingState === 'stable';
  }

  #sender(kind) {
    return this.#connection?.getSenders().find(({ track }) => track?.kind === kind);
  }

  #sendMicrophone() {
    const { microphone, stream } = this.#media;
    const sender = this.#sender('audio');
    if (microphone && sender) {
      sender.replaceTrack(microphone);
    } else if (microphone) {
      this.#connection?.addTrack(microphone, stream); // asks for a negotiation
    }
  }
}
