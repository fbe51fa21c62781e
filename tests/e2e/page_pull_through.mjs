import { all_named, expect, fits_phone, on_phone, until } from './page_driver.mjs';

const place = '/projects/hub/images?view=upstream';
const upstream = process.env.UPSTREAM;
const dialog = (page) => page.getByRole('dialog');
const save = (page) => page.getByRole('button', { name: 'Save' }).click();
const begin = (page) =>
  page.getByRole('button', { name: 'Stand in front of a registry' }).click();
const registry = (page) => page.getByLabel('Registry', { exact: true });

export const options = { korean: { locale: 'ko-KR' }, phone: on_phone };

export async function refuses({ page, sign_in }) {
  await sign_in(page, place);
  await begin(page);
  await registry(page).fill('https://registry.example/with/path');
  await save(page);
  await page.locator('.field-error', { hasText: /has a path/ }).waitFor();
  await registry(page).fill(upstream);
  await page.getByLabel('A tag counts as unchanged for').fill('soon');
  await save(page);
  await page.locator('.field-error', { hasText: /is no duration/ }).waitFor();
  expect((await registry(page).getAttribute('aria-invalid')) === null,
    'the first field is still marked');
}

export async function begins({ page, sign_in }) {
  await sign_in(page, place);
  await begin(page);
  const library = page.getByLabel(/short names/);
  await registry(page).fill('docker.io');
  expect(await library.isChecked(), 'Docker Hub has no short names');
  await registry(page).fill(upstream);
  expect(!(await library.isChecked()), 'another registry has short names');
  await page.getByLabel('Prefix').fill('team');
  await page.getByLabel('A tag counts as unchanged for').fill('1h');
  await page.getByLabel('Repositories that may be pulled').fill('app\ntools/**\n');
  await all_named(page);
  await save(page);
  await page.getByText('Last answer').waitFor();
  await page.reload();
  await until('it is still there', async () =>
    (await registry(page).inputValue()) === upstream);
}

const fact = (page, name) =>
  page
    .locator('.summary > div', { has: page.getByText(name, { exact: true }) })
    .locator('dd');

export async function answered({ page, sign_in }) {
  await sign_in(page, place);
  await until('it has answered', async () =>
    (await fact(page, 'Last answer').innerText()) !== 'never');
}

export async function nodes({ page, sign_in }) {
  await sign_in(page, place.replace('upstream', 'nodes'));
  await page.getByText(new URL(upstream).host).first().waitFor();
}

export async function troubled({ page, sign_in }) {
  await sign_in(page, place);
  await page.locator('.notice.tone-warn').waitFor();
}

export async function account({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByLabel('User name').fill('me');
  await page.getByLabel('Password').fill('secret');
  await save(page);
  await page.getByText('One is kept').waitFor();
  expect((await page.getByLabel('Password').inputValue()) === '', 'it is shown');
  await page.getByLabel(/^Offline/).check();
  await save(page);
  await page.getByText('Saved').first().waitFor();
}

export async function other_account({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByLabel('User name').fill('you');
  await save(page);
  await page.locator('.field-error', { hasText: /^password: give it again/ }).waitFor();
}

export async function phone(tools) {
  await tools.sign_in(tools.page);
  await fits_phone(tools, [place, place.replace('hub', 'pushed')]);
}

export async function korean({ page, base, password }) {
  await page.goto(base + place);
  await page.getByLabel('사용자 이름').fill('admin');
  await page.getByLabel('비밀번호').fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByText('마지막 응답').waitFor();
}

export async function leaves({ page, sign_in }) {
  await sign_in(page, place);
  await page.locator('.panel').getByRole('button', { name: 'Remove' }).click();
  await dialog(page).getByText('What is here stays').waitFor();
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await page.getByText('stands in front of no other registry').waitFor();
}

export async function taken({ page, sign_in }) {
  await sign_in(page, place.replace('hub', 'pushed'));
  await begin(page);
  await registry(page).fill('docker.io');
  await save(page);
  const alert = await page.getByRole('alert').innerText();
  expect(/images that were pushed/.test(alert), `the sentence is: ${alert}`);
}
