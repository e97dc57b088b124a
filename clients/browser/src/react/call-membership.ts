// SPDX-License-Identifier: Apache-2.0
import { Call, type CallOptions, type JoinOptions, type ParleyClient, ParleyError } from '../index.js';
import { Store } from './store.js';

/**
 * - `idle`: not joined, as `enabled` is false.
 * - `joining`: the call is being joined, also while the client is connecting.
 * - `joined`: this client is in the call. It stays so while the client reconnects.
 * - `left`: the call was left by `call.leave()`, or the client was closed.
 * - `failed`: the server does not allow the call, see `error`.
 */
export type CallState = 'idle' | 'joining' | 'joined' | 'left' | 'failed';

/** The call of a component at one moment. */
export interface CallStatus {
  /** Another one after {@link rejoin}, and when the client or the room changes: a `Call` takes place once. */
  readonly call: Call;
  readonly state: CallState;

  /** Why the state is `failed`, or `left` because the client was closed. */
  readonly error: ParleyError | undefined;

  /** Joins again, with a new `Call`, after the state was `left` or `failed`; does nothing in other states. */
  readonly rejoin: () => void;
}

export interface CallMembershipOptions extends CallOptions, Pick<JoinOptions, 'includeSenderMetadata'> {}

/** Codes of a call that the application left, or whose client it closed. */
const LEFT: readonly string[] = ['called', 'closed'];

/** The place of a component in the call of a room: entered when the component is mounted, left when it is unmounted. */
export class CallMembership extends Store<CallStatus> {
  readonly #client: ParleyClient;
  readonly #room: string;
  readonly #options: CallMembershipOptions;

  /** Whether the component is mounted and the call enabled. */
  #isEntered = false;

  /** Whether the call was joined, or tried to: it cannot be entered again then. */
  #isUsed = false;

  constructor(client: ParleyClient, room: string, options: CallMembershipOptions, state: 'idle' | 'joining') {
    super({ call: new Call(client, options), state, error: undefined, rejoin: () => this.#rejoin() });
    this.#client = client;
    this.#room = room;
    this.#options = options;
  }

  /**
   * Joins the call in the next microtask; returns what leaves it. StrictMode mounts, unmounts and mounts a component in
   * one task: others see it join once.
   */
  readonly enter = (): (() => void) => {
    let isMounted = true;
    this.#isEntered = true;
    this.#prepare();
    queueMicrotask(() => isMounted && this.#join());
    return () => {
      isMounted = this.#isEntered = false;
      this.#set('idle');
      if (this.#isUsed) {
        this.get().call.leave();
      }
    };
  };

  #rejoin(): void {
    const { state } = this.get();
    if (this.#isEntered && (state === 'left' || state === 'failed')) {
      this.#prepare();
      this.#join();
    }
  }

  /** Makes sure that there is a call that can be joined. */
  #prepare(): void {
    const call = this.#isUsed ? new Call(this.#client, this.#options) : this.get().call;
    this.#isUsed = false;
    this.#set('joining', undefined, call);
  }

  #join(): void {
    const { call } = this.get();
    const { includeSenderMetadata } = this.#options;
    const isIn = (...states: readonly CallState[]): boolean =>
      call === this.get().call && states.includes(this.get().state);
    const end = (error: ParleyError): void => this.#set(LEFT.includes(error.code) ? 'left' : 'failed', error);
    this.#isUsed = true;
    call.on('left', ({ reason }) => isIn('joined') && end(new ParleyError(reason)));
    call.join(this.#room, includeSenderMetadata === undefined ? {} : { includeSenderMetadata }).then(
      () => isIn('joining') && this.#set('joined'),
      (error: ParleyError) => isIn('joining') && end(error),
    );
  }

  #set(state: CallState, error?: ParleyError, call = this.get().call): void {
    const before = this.get();
    if (before.state !== state || before.error !== error || before.call !== call) {
      this.set({ ...before, call, state, error });
    }
  }
}
