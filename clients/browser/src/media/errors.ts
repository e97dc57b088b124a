// SPDX-License-Identifier: Apache-2.0

/**
 * Why a camera, a microphone or a screen is not sent:
 *
 * - `denied`: the user or the browser does not allow it;
 * - `in_use`: another program or tab holds the device;
 * - `not_found`: there is no such device;
 * - `unplugged`: the device was there and is gone;
 * - `ended`: it was sent and stopped by itself, as when the permission is withdrawn;
 * - `no_gesture`: a screen can be shared only right after a click or a key;
 * - `insecure`: the page is neither local nor served over https;
 * - `unknown_source`: there is no source of this name;
 * - `closed`: the `LocalMedia` is closed;
 * - `failed`: for another reason, which the message and the cause give.
 */
export type MediaErrorCode =
  | 'denied'
  | 'in_use'
  | 'not_found'
  | 'unplugged'
  | 'ended'
  | 'no_gesture'
  | 'insecure'
  | 'unknown_source'
  | 'closed'
  | 'failed';

/** What happened to a source, and what the user, or the application, can do. */
const WORDS: { readonly [code in MediaErrorCode]: readonly [what: string, remedy: string] } = {
  denied: [
    'is not allowed',
    'allow it in the settings of the browser for this page, and of the system for the browser',
  ],
  in_use: ['is in use', 'close the other program or tab that uses it'],
  not_found: ['was not found', 'plug it in, or choose another device'],
  unplugged: ['was unplugged', 'plug it in again, or choose another device'],
  ended: ['stopped by itself', 'switch it on again'],
  no_gesture: ['needs a click of the user', 'call this in the handler of a click'],
  insecure: ['is not available to this page', 'serve the page over https'],
  unknown_source: ['is not a source', "use 'camera' or 'microphone'"],
  closed: ['cannot start: its LocalMedia is closed', 'make a new LocalMedia'],
  failed: ['could not be started', 'try again, or choose another device'],
};

/** By the names of what browsers throw (Media Capture and Streams, section 10; Screen Capture, section 5.1). */
const CODES: { readonly [name: string]: MediaErrorCode } = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
  NotFoundError: 'not_found',
  OverconstrainedError: 'not_found',
  InvalidStateError: 'no_gesture',
};

/** Why a camera, a microphone or a screen is not sent; {@link code} is for programs, {@link remedy} for people. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;
  readonly remedy: string;

  /** @param cause what the browser threw, if it threw something */
  constructor(source: string, code: MediaErrorCode, cause?: unknown) {
    const [what, remedy] = WORDS[code];
    const thrown = code === 'failed' && cause !== undefined ? ` (${String(cause)})` : '';
    super(`${source} ${what}${thrown}: ${remedy}`);
    this.code = code;
    this.remedy = remedy;
    if (cause !== undefined) {
      Object.assign(this, { cause });
    }
  }

  /** Returns the error for what the browser threw. */
  static of(source: string, cause: unknown): MediaError {
    return new MediaError(source, CODES[(cause as Error | undefined)?.name ?? ''] ?? 'failed', cause);
  }
}
