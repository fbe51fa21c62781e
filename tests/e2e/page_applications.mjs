import { expect, until } from './page_driver.mjs';

const app = '/projects/demo/applications/web';

function manifest(base) {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  project: demo
  source:
    repoURL: ${base}/git/demo/deploy.git
    path: app
    targetRevision: main
  destination:
    server: directory://${process.env.DEPLOY}
    namespace: default
`;
}

const summary = (page) => page.locator('.summary');
const open_dialog = (page) => page.getByRole('dialog');

async function has_state(page, pattern) {
  await until(`the application is ${pattern}`, async () =>
    pattern.test(await summary(page).innerText()));
}

async function fill_manifest(page, text) {
  await page.getByRole('button', { name: 'New application' }).click();
  await open_dialog(page).getByLabel('Application manifest').fill(text);
  await open_dialog(page).getByRole('button', { name: 'Create' }).click();
}

export async function makes({ page, base, sign_in }) {
  await sign_in(page, '/applications');
  await page.getByText('No applications yet').waitFor();
  await fill_manifest(page, manifest(base));
  await page.getByRole('heading', { name: 'web', exact: true }).waitFor();
  await has_state(page, /Out of sync/);
  await page.getByRole('link', { name: /greeting/ }).waitFor();
}

export async function refuses({ page, base, sign_in }) {
  await sign_in(page, '/applications');
  await fill_manifest(page, `${manifest(base)}  nonsense: 1\n`);
  const alert = await open_dialog(page).getByRole('alert').innerText();
  expect(/nonsense/.test(alert), `the sentence is: ${alert}`);
}

export async function dry_run({ page, sign_in }) {
  await sign_in(page, app);
  await page.getByRole('button', { name: 'Sync', exact: true }).click();
  const dialog = open_dialog(page);
  await dialog.getByLabel('Dry run').check();
  await dialog.getByRole('button', { name: 'Try' }).click();
  await dialog.getByText('A sync would do this').waitFor();
  const steps = await dialog.locator('.notice').innerText();
  expect(/ConfigMap\s+greeting/.test(steps), steps);
  await page.keyboard.press('Escape');
  await has_state(page, /Out of sync/);
}

export async function syncs({ page, sign_in }) {
  await sign_in(page, app);
  await has_state(page, /Out of sync/);
  await page.getByRole('button', { name: 'Sync', exact: true }).click();
  await open_dialog(page)
    .getByRole('button', { name: 'Sync', exact: true })
    .click();
  // Events, not a reload, bring the new state.
  await has_state(page, /Synced/);
  await has_state(page, /Healthy/);
}

export async function differs({ page, sign_in }) {
  await sign_in(page, app);
  await has_state(page, /Out of sync/);
  await page.getByRole('link', { name: /greeting/ }).click();
  await page.locator('.diff-removed', { hasText: 'text: one' }).waitFor();
  await page.locator('.diff-added', { hasText: 'text: two' }).waitFor();
  await page.getByRole('button', { name: 'Live' }).click();
  await page.locator('pre', { hasText: 'text: one' }).waitFor();
}

export async function rolls_back({ page, sign_in }) {
  await sign_in(page, `${app}?tab=history`);
  const rows = page.locator('tbody tr');
  await until('both deployments are listed', async () =>
    (await rows.count()) === 2);
  await rows.last().getByRole('button', { name: 'Roll back' }).click();
  await open_dialog(page).getByRole('button', { name: 'Roll back' }).click();
  await page.getByText(/Rolled back to entry/).waitFor();
  await page.getByText(/Last sync|Rolling back/).first().waitFor();
  await until('the rollback is done', async () => {
    const text = await page.locator('main').innerText();
    return !/Last sync: Running/.test(text);
  });
  await page.waitForTimeout(500);
}

export async function lists({ page, sign_in }) {
  await sign_in(page, '/applications');
  const tiles = page.locator('.tile');
  await until('it is listed', async () => (await tiles.count()) === 1);
  await page.getByLabel('Health').selectOption('Degraded');
  await page.getByText('No application fits the filters').waitFor();
  await page.getByLabel('Health').selectOption('');
  await tiles.getByRole('link', { name: 'web' }).click();
  await page.getByRole('heading', { name: 'web', exact: true }).waitFor();
}

export async function deletes({ page, sign_in }) {
  await sign_in(page, app);
  await page.getByRole('button', { name: 'Delete' }).click();
  await open_dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Applications' }).waitFor();
  await until('it is gone', async () =>
    (await page.locator('.tile').count()) === 0);
}
