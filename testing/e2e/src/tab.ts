// SPDX-License-Identifier: Apache-2.0
// What tests ask of a tab in any browser: the part of Playwright's page and window that Firefox has, too.

/** A tab. Functions run in its page, with an argument that JSON can say. */
export interface Tab {
  goto(url: string): Promise<unknown>;
  evaluate<Result>(run: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;

  /** Awaits that the function returns something true; a time in milliseconds. */
  waitForFunction(run: () => unknown, argument?: undefined, options?: Waiting): Promise<unknown>;
  waitForFunction<Argument>(
    run: (argument: Argument) => unknown,
    argument: Argument,
    options?: Waiting,
  ): Promise<unknown>;
  exposeFunction(name: string, call: (...parameters: never[]) => unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** How often the page is looked at, and how long, in milliseconds. */
export interface Waiting {
  readonly polling?: number;
  readonly timeout?: number;
}

/** What one person has open. */
export interface Window<Kind extends Tab = Tab> {
  newPage(): Promise<Kind>;
}
