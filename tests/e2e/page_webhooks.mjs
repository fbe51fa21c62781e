import {
  all_named,
  expect,
  fits_here,
  fits_phone,
  on_phone,
  until,
} from './page_driver.mjs';

const place = '/projects/demo/images?view=webhooks';
const url = process.env.HOOK_URL;
const dialog = (page) => page.getByRole('dialog');
const field = (page, name) => dialog(page).getByLabel(name, { exact: true });
const save = (page) =>
  dialog(page).getByRole('button', { name: 'Save' }).click();
const row = (page) => page.locator('li.fold').first();
const fact = (page, name) =>
  page
    .locator('.summary > div', { has: page.getByText(name, { exact: true }) })
    .locator('dd');

async function closed(page) {
  await until('the dialog closes', async () =>
    (await dialog(page).count()) === 0);
}

export const options = { korean: { locale: 'ko-KR' }, phone: on_phone };

export async function refuses({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByText('No webhooks').waitFor();
  await page.getByRole('button', { name: 'New webhook' }).click();
  await field(page, 'Name').fill('deploy');
  await field(page, 'Address').fill('ftp://nowhere');
  await save(page);
  await dialog(page).locator('.field-error', { hasText: /^url must be/ }).waitFor();
  expect(
    (await field(page, 'Address').getAttribute('aria-invalid')) ===
      'true',
    'the field is not marked',
  );
  await field(page, 'Address').fill(url);
  await field(page, 'Headers').fill('Host: elsewhere');
  await save(page);
  await dialog(page).locator('.field-error', { hasText: /headers\.Host/ }).waitFor();
}

export async function adds({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByRole('button', { name: 'New webhook' }).click();
  await field(page, 'Name').fill('deploy');
  await field(page, 'Address').fill(url);
  await field(page, 'Secret').fill('key');
  await field(page, 'Headers').fill('X-Token: abc');
  await all_named(page);
  await save(page);
  await closed(page);
  await row(page).getByText('Not used yet').waitFor();
  await row(page).getByRole('button', { name: /deploy/, expanded: false }).click();
  await page.getByText('Nothing has been sent yet.').waitFor();
}

export async function tests({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByRole('button', { name: 'Test deploy' }).click();
  await page.getByText(/deploy took the test: 200 in/).waitFor();
  await row(page).getByText('Delivered').first().waitFor();
}

export async function delivers({ page, sign_in }) {
  await sign_in(page, place);
  await row(page).getByRole('button', { expanded: false }).click();
  await page.getByRole('row', { name: /push of demo\/app:v1 Delivered 200/ }).waitFor();
  expect((await fact(page, 'Waiting').innerText()) === '0', 'something waits');
}

export async function test_fails({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByRole('button', { name: 'Test deploy' }).click();
  await page.getByText(/deploy did not take the test: .*503/).waitFor();
}

export async function fails({ page, sign_in }) {
  await sign_in(page, place);
  await row(page).getByText('Failing', { exact: true }).waitFor();
  await row(page).getByRole('button', { expanded: false }).click();
  await fact(page, 'Failing since').waitFor();
  await until('one waits', async () =>
    (await fact(page, 'Waiting').innerText()) === '1');
  await page.getByRole('row', { name: /push of demo\/app:v2 Failed 503/ }).first().waitFor();
}

export async function recovers({ page, sign_in }) {
  await sign_in(page, place);
  await row(page).getByText('Delivered').first().waitFor();
}

export async function changes({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByRole('button', { name: 'Edit deploy' }).click();
  await dialog(page).getByText(/Kept: X-Token/).waitFor();
  await field(page, 'Remove the headers').check();
  await field(page, 'Pushes').uncheck();
  await field(page, 'Deletions').uncheck();
  await field(page, 'Pulls').check();
  await dialog(page).getByLabel(/^On/).uncheck();
  await save(page);
  await closed(page);
  await row(page).getByText('Off', { exact: true }).waitFor();
}

export async function phone(tools) {
  const { page, sign_in } = tools;
  await sign_in(page);
  await fits_phone(tools, [place, '/admin/webhooks']);
  await page.goto(tools.base + place);
  await row(page).getByRole('button', { expanded: false }).click();
  await page.getByRole('row').first().waitFor();
  await fits_here(page, 'a webhook');
  await page.getByRole('button', { name: 'Edit deploy' }).click();
  await dialog(page).getByText('More').click();
  await fits_here(page, 'the form');
  const box = await dialog(page).boundingBox();
  expect(box.x >= 0 && box.x + box.width <= 360, 'the dialog is cut off');
  const scrolls = await dialog(page).evaluate((one) =>
    one.scrollWidth > one.clientWidth);
  expect(!scrolls, 'the dialog scrolls to the side');
}

// From the list into the form and back, where it began.
export async function keyboard({ page, sign_in }) {
  await sign_in(page, place);
  const edit = page.getByRole('button', { name: 'Edit deploy' });
  await edit.focus();
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  const inside = () =>
    page.evaluate(() => !!document.activeElement?.closest('dialog'));
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('Tab');
    expect(await inside(), 'the focus has left the dialog');
  }
  await page.keyboard.press('Escape');
  await closed(page);
  expect(
    await edit.evaluate((one) => one === document.activeElement),
    'the focus is not back at the button',
  );
}

export async function korean({ page, base, password }) {
  await page.goto(base + place);
  await page.getByLabel('사용자 이름').fill('admin');
  await page.getByLabel('비밀번호').fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByRole('heading', { name: '웹훅' }).waitFor();
  await page.getByRole('button', { name: 'deploy 편집' }).click();
  await dialog(page).getByText('알리는 것').waitFor();
}

export async function removes({ page, sign_in }) {
  await sign_in(page, place);
  await page.getByRole('button', { name: 'Delete deploy' }).click();
  await dialog(page).getByText(/What waits for it goes with it: 0/).waitFor();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No webhooks').waitFor();
}

export async function of_server({ page, sign_in }) {
  await sign_in(page, '/admin/webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  await field(page, 'Name').fill('all');
  await field(page, 'Address').fill(url);
  await dialog(page).getByText(/with the project/).waitFor();
  await save(page);
  await closed(page);
  await page.getByRole('button', { name: 'Test all' }).click();
  await page.getByText(/all took the test: 200/).waitFor();
}
