/** A browser of the machine, for tests that need one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath: string | undefined = [process.env.CHROMIUM ?? '', ...places].find(
  place => place !== '' && existsSync(place),
);

/** Without a window, and without a word to the network. */
export function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`no Chromium: none of ${places.join(', ')}`);
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu'];
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: ['--no-sandbox', ...quiet] });
}
