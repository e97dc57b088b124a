// SPDX-License-Identifier: Apache-2.0
import type { ErrorEvent } from './errors.js';

/** What is called with each event of a kind. */
export type Handler<Event> = (event: Event) => void;

/** What is called, by the handler that was given: for `once` that is another function. */
type Handlers<Kinds> = { [Kind in keyof Kinds]?: Map<Handler<Kinds[Kind]>, Handler<Kinds[Kind]>> };

/**
 * An object that emits events.
 *
 * Handlers are called in the order they were added, one after the other. What one of them throws is reported like any
 * uncaught error, and disturbs neither the others nor the client.
 */
export class Events<Kinds> {
  /** Only a type, from which others infer the kinds of events: there is no such property. */
  declare readonly kinds?: Kinds;

  readonly #handlers: Handlers<Kinds> = {};

  /** Calls the handler with each event of this kind from now on, until the function it returns is called. */
  on<Kind extends keyof Kinds>(kind: Kind, handler: Handler<Kinds[Kind]>): () => void {
    return this.#add(kind, handler, handler);
  }

  /** Calls the handler with the next event of this kind only. */
  once<Kind extends keyof Kinds>(kind: Kind, handler: Handler<Kinds[Kind]>): () => void {
    const stop = this.#add(kind, handler, (event) => {
      stop();
      handler(event);
    });
    return stop;
  }

  /** Calls the handler no more, whether it was added by {@link on} or {@link once}. */
  off<Kind extends keyof Kinds>(kind: Kind, handler: Handler<Kinds[Kind]>): void {
    this.#handlers[kind]?.delete(handler);
  }

  /** Returns whether there was a handler. @internal */
  tell<Kind extends keyof Kinds>(kind: Kind, event: Kinds[Kind]): boolean {
    const handlers = [...(this.#handlers[kind]?.values() ?? [])];
    for (const handler of handlers) {
      try {
        handler(event);
      } catch (error) {
        report(error);
      }
    }
    return handlers.length > 0;
  }

  /**
   * Tells of an error, which is printed to the console if there is no handler for it.
   *
   * @param isHandled whether there was one elsewhere
   * @internal
   */
  fail(event: ErrorEvent & Kinds['error' & keyof Kinds], isHandled = false): void {
    if (!this.tell('error' as 'error' & keyof Kinds, event) && !isHandled) {
      console.error(event.error);
    }
  }

  #add<Kind extends keyof Kinds>(kind: Kind, handler: Handler<Kinds[Kind]>, called: Handler<Kinds[Kind]>): () => void {
    const handlers = (this.#handlers[kind] ??= new Map());
    handlers.set(handler, called);
    return () => handlers.get(handler) === called && handlers.delete(handler);
  }
}

/** Says it as the browser says what nobody catches. */
export function report(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
