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
 * - `failed`: for another reason, which is the cause.
 */
export type MediaErrorCode = 'denied' | 'in_use' | 'not_found' | 'unplugged' | 'ended' | 'no_gesture' | 'insecure' | 'failed';

/** What the user, or the application, can do. */
const REMEDIES: { readonly [code in MediaErrorCode]: string } = {
  denied: 'allow it in the settings of the browser for this page, and of the system for the browser',
  in_use: 'close the other program or tab that uses it',
  not_found: 'plug it in, or choose another device',
  unplugged: 'plug it in again, or choose another device',
  ended: 'switch it on again',
  no_gesture: 'call this in the handler of a click',
  insecure: 'serve the page over https',
  failed: 'see the cause',
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
    super(`${source}: ${code}; ${REMEDIES[code]}`);
    this.code = code;
    this.remedy = REMEDIES[code];
    if (cause !== undefined) {
      Object.assign(this, { cause });
    }
  }

  /** Returns the error for what the browser threw. */
  static of(source: string, cause: unknown): MediaError {
    return new MediaError(source, CODES[(cause as Error | undefined)?.name ?? ''] ?? 'failed', cause);
  }
}
