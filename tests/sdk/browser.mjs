// A real browser, and pages in it that use the SDK.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SDK = join(import.meta.dirname, 'node_modules/pocketbase/dist/pocketbase.umd.js');

/** Why tests with a browser cannot run; where changes are checked they always are, and fail without one. */
export const skip = existsSync(CHROMIUM) || process.env.CI ? false : `there is no ${CHROMIUM}`;

/** Starts it. */
export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });

/** Gives a page the SDK, as `PocketBase`. */
export const addSdk = (page) => page.addScriptTag({ content: readFileSync(SDK, 'utf8') });
