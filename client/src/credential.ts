// SPDX-License-Identifier: Apache-2.0

/** Gives a token, of the same peer each time. Asked for each connection, and before a token in use ends. */
export type TokenProvider = () => string | Promise<string>;

/** What a client proves by who it is. */
export interface Credentials {
  /** A publishable key of the app. */
  readonly key?: string;

  /** A token that does for as long as this client lives. */
  readonly token?: string;

  /** Where tokens come from. */
  readonly tokenProvider?: TokenProvider;
}

/** How long the application may take to give a token. */
const PATIENCE = 10_000;

export class Credential {
  readonly #key: string | undefined;
  readonly #token: string | undefined;
  readonly #provider: TokenProvider | undefined;
  #last: string | undefined;

  constructor({ key, token, tokenProvider }: Credentials) {
    if ([key, token, tokenProvider].filter((it) => it !== undefined).length !== 1) {
      throw new TypeError('exactly one of key, token and tokenProvider is needed');
    }
    this.#key = key;
    this.#token = token;
    this.#provider = tokenProvider;
  }

  /** Whether there can be another one than the last. */
  get canBeNew(): boolean {
    return this.#provider !== undefined;
  }

  /** How to ask by HTTP what it allows: the last one used. */
  get query(): string {
    return this.#key === undefined ? `token=${this.#last ?? ''}` : `key=${encodeURIComponent(this.#key)}`;
  }

  /** The item of the subprotocols it travels as, so that it stands in no URL. */
  async item(): Promise<string> {
    return this.#key === undefined ? `bearer.${await this.token()}` : `key.${this.#key}`;
  }

  /** A token; fails if the provider does, or takes too long. */
  async token(): Promise<string> {
    if (this.#provider === undefined) {
      this.#last = this.#token ?? '';
    } else {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the provider of tokens took too long')), PATIENCE);
      });
      try {
        this.#last = await Promise.race([this.#provider(), late]);
      } finally {
        clearTimeout(timer);
      }
    }
    return this.#last;
  }
}
