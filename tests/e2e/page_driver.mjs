// page_driver.mjs FILE NAME [ARGUMENT...]: opens Chromium, calls the function
// NAME of FILE with a new page, and fails when it throws or the page's own
// scripts do. A screenshot of a failure goes to $SCREENSHOTS, if set.
import { chromium } from 'playwright-core';

const base = process.env.BASE;
const password = process.env.ADMIN_PASSWORD;
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function expect(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

// Waits until `look` gives something true.
export async function until(sentence, look, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`never: ${sentence}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// Of a claim about phones.
export const on_phone = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
};

// The screen needs no scrolling to the side.
export async function fits_here(page, name) {
  await page.waitForTimeout(400);
  // The window's own width grows with what does not fit on a phone.
  const room = page.viewportSize().width;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide <= room, `${name} is ${wide} pixels wide on ${room}`);
}

export async function fits_phone({ page, base }, screens) {
  for (const screen of screens) {
    await page.goto(base + screen);
    await page.locator('h1').waitFor();
    await fits_here(page, screen);
  }
}

// Everything that can be pressed or filled in on this screen has a name.
export async function all_named(page) {
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], input, select, textarea')]
      .filter((one) => {
        if (!one.checkVisibility()) return false;
        const labels = [...(one.labels ?? [])].map((label) => label.innerText);
        const texts = [one.getAttribute('aria-label'), one.innerText, ...labels];
        return !texts.join('').trim();
      })
      .map((one) => one.outerHTML.slice(0, 120)),
  );
  expect(!nameless.length, `without a name:\n${nameless.join('\n')}`);
}

async function sign_in(page, path = '/') {
  await page.goto(base + path);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

// Scripts that fail, and anything that the page's policy forbids.
function watch(page) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.stack));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // A refused request is an answer that the page shows.
    if (message.text().startsWith('Failed to load resource')) return;
    faults.push(message.text());
  });
  return faults;
}

async function run([file, name, ...rest]) {
  const claims = await import(new URL(file, import.meta.url));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: flags,
  });
  const options = {
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
    ...claims.options?.[name],
  };
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(15_000);
  const faults = watch(page);
  try {
    await claims[name]({ page, base, password, rest, sign_in });
    expect(!faults.length, `the page's scripts failed:\n${faults.join('\n')}`);
  } catch (error) {
    const folder = process.env.SCREENSHOTS;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
    console.error(error.stack, ...faults);
    console.error(await page.locator('body').innerText().catch(() => ''));
    process.exitCode = 1;
  }
  await browser.close();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  // Not awaited: the file of claims imports this one.
  void run(process.argv.slice(2));
}
