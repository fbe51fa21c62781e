import { all_named, expect, fits_phone, on_phone, until } from './page_driver.mjs';

const dialog = (page) => page.getByRole('dialog');
const confirm = (page) =>
  dialog(page).getByRole('button', { name: 'Delete' }).click();
const ask = (page) =>
  page.locator('.page-head').getByRole('button', { name: 'Delete' }).click();

const authorization = {
  Authorization: `Basic ${btoa(`admin:${process.env.ADMIN_PASSWORD}`)}`,
};

export const options = { phone: on_phone };

export async function held({ page, sign_in }) {
  await sign_in(page, '/projects/demo');
  await ask(page);
  await dialog(page).getByText('It still holds what has to be deleted first').waitFor();
  for (const text of ['Repositories: 1', 'Charts: 1']) {
    await dialog(page).getByText(text).waitFor();
  }
  expect(
    await dialog(page).getByRole('button', { name: 'Delete' }).isDisabled(),
    'it can be deleted',
  );
  await all_named(page);
  await dialog(page).getByRole('link', { name: /Charts/ }).click();
  await page.getByText('helm repo add').waitFor();
}

export async function viewer({ page, base }) {
  await page.goto(`${base}/projects/demo`);
  await page.getByLabel('User name').fill('vera');
  await page.getByLabel('Password').fill('vera-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'hello', exact: true }).waitFor();
  const buttons = page.locator('.page-head').getByRole('button');
  expect((await buttons.count()) === 0, 'a viewer may delete');
}

export async function deletes_version({ page, sign_in }) {
  await sign_in(page, '/projects/demo/charts');
  await page.getByRole('button', { name: 'hello', exact: true }).click();
  await page.getByRole('button', { name: 'Delete hello 1.1.0' }).click();
  await dialog(page).getByText('Its artifact among the images goes').waitFor();
  await confirm(page);
  await until('the version is gone', async () =>
    (await page.getByRole('row', { name: /1\.1\.0/ }).count()) === 0);
  await page.getByRole('row', { name: /1\.2\.0/ }).waitFor();
}

export async function deletes_chart({ page, sign_in }) {
  await sign_in(page, '/projects/demo/charts');
  await page.getByRole('button', { name: 'Delete hello', exact: true }).click();
  await dialog(page).getByText('All its versions go: 1.2.0, 1.0.0').waitFor();
  await confirm(page);
  await page.getByText('No charts yet').waitFor();
}

export async function phone(tools) {
  await tools.sign_in(tools.page);
  await fits_phone(tools, [
    '/projects/demo',
    '/projects/demo/charts',
    '/projects/demo/repos/hello',
    '/projects/demo/images/tools/app',
  ]);
}

export async function deletes_repository({ page, sign_in }) {
  await sign_in(page, '/projects/demo/repos/hello');
  await ask(page);
  await dialog(page).getByText('This cannot be undone').waitFor();
  await confirm(page);
  await page.getByText('No repositories yet').waitFor();
}

export async function deletes_images({ page, sign_in }) {
  await sign_in(page, '/projects/demo/images/tools/app');
  await ask(page);
  await dialog(page).getByText(/all its images \(\d+ KiB\)\. Tags: 1/).waitFor();
  await confirm(page);
  await page.getByText('No images yet').waitFor();
}

// Somebody makes a repository while the question stands.
export async function raced({ page, base, sign_in }) {
  await sign_in(page, '/projects/demo');
  await ask(page);
  await dialog(page).getByText('With it go').waitFor();
  const repos = `${base}/api/v1/projects/demo/repos`;
  const headers = { ...authorization, 'Content-Type': 'application/json' };
  await fetch(repos, { method: 'POST', headers, body: '{"name":"late"}' });
  await confirm(page);
  await dialog(page).getByText(/still holds 1 repository/).waitFor();
  const answer = await fetch(`${repos}/late`, { method: 'DELETE', headers });
  expect(answer.ok, `its repository gives ${answer.status}`);
}

export async function deletes_project({ page, sign_in }) {
  await sign_in(page, '/projects/demo');
  await ask(page);
  await dialog(page)
    .getByText(/members \(1\), robot tokens \(1\), credentials \(1\)/)
    .waitFor();
  await confirm(page);
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
  await page.getByText('No projects yet').waitFor();
}
