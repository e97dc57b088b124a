// SPDX-License-Identifier: Apache-2.0
import type { Page } from 'puppeteer-core';
import type { Tab, Waiting } from './tab.ts';

/** A tab of a browser that Puppeteer drives. */
export interface PuppeteerTab extends Tab {
  readonly page: Page;
}

export function tabOf(page: Page): PuppeteerTab {
  return {
    page,
    goto: (url) => page.goto(url),
    evaluate: <Result, Argument>(run: (argument: Argument) => Result | Promise<Result>, argument?: Argument) =>
      page.evaluate(run as (argument: unknown) => Result | Promise<Result>, argument) as Promise<Result>,
    waitForFunction: <Argument>(run: (argument: Argument) => unknown, argument?: Argument, options: Waiting = {}) =>
      page.waitForFunction(run as (argument: unknown) => unknown, { polling: 50, ...options }, argument),
    exposeFunction: (name, call) => page.exposeFunction(name, call as (...parameters: unknown[]) => unknown),
    close: () => page.close(),
  };
}
