// SPDX-License-Identifier: Apache-2.0

/** A token, or the answer of `POST /v1/tokens` that holds one (docs/rest.md). */
export type ProvidedToken = string | { readonly token: string };

/** Provides a token, of the same peer each time. Called for each connection, and before a token in use expires. */
export type TokenProvider = () => ProvidedToken | Promise<ProvidedToken>;

/** What a client proves by who it is. */
export interface Credentials {
  /** A publishable key of the app. */
  readonly key?: string;

  /** A token that does for as long as this client lives. */
  readonly token?: string;

  /** Where tokens come from. */
  readonly tokenProvider?: TokenProvider;
}

/** How long the application may take to provide a token, in milliseconds. */
const PATIENCE = 10_000;

/**
 * What an item of `Sec-WebSocket-Protocol` may consist of (RFC 9110 section 5.6.2): a browser throws for anything else.
 */
const ITEM = /^[\w!#$%&'*+.^`|~-]+$/;

function checked(name: string, value: unknown): string {
  if (typeof value !== 'string' || !ITEM.test(value)) {
    const fault = value === '' ? 'empty' : 'not valid';
    throw new TypeError(`${name} is ${fault}: it must be the text of a key or token, without spaces and line breaks`);
  }
  return value;
}

export class Credential {
  readonly #key: string | undefined;
  readonly #token: string | undefined;
  readonly #provider: TokenProvider | undefined;

  constructor({ key, token, tokenProvider }: Credentials) {
    if ([key, token, tokenProvider].filter((it) => it !== undefined).length !== 1) {
      throw new TypeError('exactly one of key, token and tokenProvider is needed');
    }
    if (tokenProvider && typeof tokenProvider !== 'function') {
      throw new TypeError('tokenProvider is no function');
    }
    this.#key = key === undefined ? undefined : checked('key', key);
    this.#token = token === undefined ? undefined : checked('token', token);
    this.#provider = tokenProvider;
  }

  /** Whether there can be another one than before. */
  get canBeNew(): boolean {
    return this.#provider !== undefined;
  }

  /** The item of the subprotocols it travels as, so that it stands in no URL. */
  async item(): Promise<string> {
    return this.#key === undefined ? `bearer.${await this.token()}` : `key.${this.#key}`;
  }

  /** A token; fails if the provider does, or takes too long. */
  async token(): Promise<string> {
    if (this.#provider === undefined) {
      return this.#token ?? '';
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('tokenProvider took too long')), PATIENCE);
    });
    try {
      const provided = await Promise.race([this.#provider(), late]);
      const { token, error } = Object(provided) as { token?: unknown; error?: unknown };
      if (error !== undefined) {
        throw new Error(`tokenProvider returned error ${error}`);
      }
      return checked('the token that tokenProvider returned', token ?? provided);
    } finally {
      clearTimeout(timer);
    }
  }
}
