import { expect, fits_phone, on_phone, until } from './page_driver.mjs';

const screens = [
  '/',
  '/runs',
  '/applications',
  '/projects',
  '/projects/demo',
  '/projects/demo/images',
  '/projects/demo/charts',
  '/projects/demo/access',
  '/projects/demo/repos/hello',
  '/account',
  '/admin',
  '/admin/settings',
  '/admin/audit',
];

export async function wrong_password({ page, base }) {
  await page.goto(base);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const alert = await page.getByRole('alert').innerText();
  expect(/password/i.test(alert), `the sentence is: ${alert}`);
}

export async function overview({ page, sign_in }) {
  await sign_in(page);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByText(/All \d+ checks pass/).waitFor();
  await page.getByText('disk space').waitFor();
  await page.getByText('No runs yet').waitFor();
}

export async function deep_link({ page, sign_in }) {
  await sign_in(page, '/projects/demo/repos/hello');
  await page.getByRole('heading', { name: 'hello', exact: true }).waitFor();
  await page.reload();
  await page.getByText('This repository is empty').waitFor();
}

export async function signs_out({ page, base, sign_in }) {
  await sign_in(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
  const status = await page.evaluate(async () =>
    (await fetch('/api/v1/session')).status);
  expect(status === 401, `the session still answers ${status}`);
  await page.goto(`${base}/runs`);
  await page.getByLabel('Password').waitFor();
}

export const options = { korean: { locale: 'ko-KR' }, phone: on_phone };

export async function korean({ page, base, password }) {
  await page.goto(base);
  await page.getByLabel('사용자 이름').fill('admin');
  await page.getByLabel('비밀번호').fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByRole('heading', { name: '개요' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

export async function phone(tools) {
  await tools.sign_in(tools.page);
  await fits_phone(tools, screens);
}

export async function keyboard({ page, sign_in }) {
  await sign_in(page);
  for (const [key, title] of [
    ['r', 'Runs'],
    ['a', 'Applications'],
    ['p', 'Projects'],
    ['o', 'Overview'],
  ]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await page.locator('h1', { hasText: title }).waitFor();
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await until('the dialog closes', async () =>
    (await page.getByRole('dialog').count()) === 0);
}

export async function token({ page, base, sign_in }) {
  await sign_in(page, '/account');
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('laptop');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const shown = page.getByRole('dialog', { name: 'The new token' });
  const secret = await shown.locator('code').innerText();
  const answer = await fetch(`${base}/api/v1/projects`, {
    headers: { Authorization: `Bearer ${secret}` },
  });
  expect(answer.ok, `the token gives ${answer.status}`);
  await shown.getByRole('button', { name: 'Close' }).click();
  const row = page.getByRole('row', { name: /laptop/ });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await until('the token is gone', async () => (await row.count()) === 0);
}

export async function makes_project({ page, sign_in }) {
  await sign_in(page, '/projects');
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('made-here');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'made-here' }).waitFor();
  await page.getByRole('button', { name: 'New repository' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('first');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByText(/git\/made-here\/first\.git/).first().waitFor();
  // Once more: the refusal stands in the dialog.
  await page.goBack();
  await page.getByRole('button', { name: 'New repository' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('first');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
}

export async function setting({ page, sign_in }) {
  await sign_in(page, '/admin/settings');
  await page.getByLabel('Find settings').fill('events.keep');
  const row = page.getByRole('row', { name: /events\.keep/ });
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('Value').fill('25h');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row.getByText('this page').waitFor();
  await row.getByRole('button', { name: 'Reset' }).click();
  await row.getByText('default', { exact: true }).waitFor();
}
