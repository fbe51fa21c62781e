import { readFileSync } from 'node:fs';
import { expect, until } from './page_driver.mjs';

const run = '/projects/demo/repos/hello/runs/1';

async function last_line(page) {
  return (await page.locator('.log-line .log-text').last().innerText()).trim();
}

export async function follows({ page, sign_in }) {
  await sign_in(page, run);
  await page.getByRole('button', { name: 'Run again' }).click();
  await until('the new run is shown', () => page.url().endsWith('/runs/2'));
  await page.getByText('first green 초록 line').waitFor();
  const green = page.locator('.log-text .ansi-green');
  expect((await green.innerText()) === 'green', 'the colour is not there');
  const facts = page.locator('.facts');
  expect(/Running/.test(await facts.innerText()), 'it has ended already');
  const before = await until('a line comes', async () => {
    const line = await last_line(page);
    return line.startsWith('talking') && line;
  });
  await until('the next line comes', async () =>
    (await last_line(page)) !== before);
  // It follows to the end, without a reload.
  await until('the run ends', async () =>
    /Unstable/.test(await facts.innerText()), 60);
  const ended = await page.getByRole('log').innerText();
  expect(/Archived 1 file/.test(ended), `the end is not in sight: ${ended}`);
}

export async function searches({ page, sign_in }) {
  await sign_in(page, run);
  const box = page.getByRole('log');
  await page.getByLabel('Search the log').fill('29999');
  await page.getByText('1 of 1').waitFor();
  await page.locator('.found').first().waitFor();
  const drawn = await page.locator('.log-line').count();
  expect(drawn < 300, `${drawn} lines are drawn`);
  const number = page
    .locator('.log-line', { has: page.locator('.found') })
    .locator('.log-number');
  await number.click();
  await until('the address names the line', () => /line=\d+/.test(page.url()));
  await page.reload();
  await page.locator('.log-line.linked').waitFor();
  expect(/29999/.test(await page.locator('.linked').innerText()), 'other line');
  await box.evaluate((element) => (element.scrollTop = 0));
  await page.getByText('first green').waitFor();
}

export async function stages({ page, sign_in }) {
  await sign_in(page, run);
  const nav = page.getByRole('navigation', { name: 'Stages' });
  await nav.getByRole('button', { name: 'left' }).click();
  const box = page.getByRole('log');
  await until('its lines are there', async () =>
    /l1[\s\S]*l2[\s\S]*l3/.test(await box.innerText()));
  const text = await box.innerText();
  expect(!/r[123]\b/.test(text), `the other branch is in it: ${text}`);
  expect(!/talking/.test(text), 'another stage is in it');
  const names = await nav.locator('.stage-name').allInnerTexts();
  expect(
    names.join() === 'Whole run,Talk,Both,left,right,Report',
    names.join(),
  );
}

export async function tests({ page, sign_in }) {
  await sign_in(page, run);
  await page.getByRole('link', { name: /^Tests/ }).click();
  await page.getByText('two is not three').waitFor();
  await page.getByText('1 of 2 failed').waitFor();
}

export async function artifacts({ page, sign_in }) {
  await sign_in(page, `${run}?tab=artifacts`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'out/note.txt' }).click(),
  ]);
  const content = readFileSync(await download.path(), 'utf8');
  expect(content === 'kept\n', `it holds ${JSON.stringify(content)}`);
}

export async function cancels({ page, sign_in }) {
  await sign_in(page, run);
  await page.getByRole('button', { name: 'Run again' }).click();
  await until('the new run is shown', () => page.url().endsWith('/runs/3'));
  await page.getByText(/talking \d/).first().waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await until('it is aborted', async () =>
    /Aborted/.test(await page.locator('.facts').innerText()));
}

export async function filters({ page, sign_in }) {
  await sign_in(page, '/runs');
  const rows = page.locator('.runs tbody tr');
  await until('all runs are there', async () => (await rows.count()) === 3);
  await page.getByLabel('State').selectOption('ABORTED');
  await until('one is left', async () => (await rows.count()) === 1);
  await page.getByLabel(/^Find by/).fill('no such thing');
  await page.getByText('No run fits the filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await until('all are back', async () => (await rows.count()) === 3);
}
