import { createHash } from 'node:crypto';
import { expect, fits_phone, on_phone, until } from './page_driver.mjs';

const images = '/projects/demo/images';
const app = `${images}/tools/app`;
const dialog = (page) => page.getByRole('dialog');
const row = (page, name) => page.getByRole('row', { name });

async function has_text(page, place, pattern) {
  await until(`there is ${pattern}`, async () =>
    pattern.test(await place.innerText()));
}

export async function repositories({ page, sign_in }) {
  await sign_in(page, images);
  await has_text(page, row(page, /tools\/app/), /tools\/app\s+4\s+[\d.]+ MiB/);
  await has_text(page, page.locator('.usage'), /MiB used/);
  await page.getByLabel('Find repositories').fill('nothing');
  await page.getByText('No repository fits the filter').waitFor();
  await page.getByLabel('Find repositories').fill('APP');
  await page.getByRole('link', { name: 'tools/app' }).click();
  await page.getByRole('heading', { name: 'tools/app' }).waitFor();
}

export async function tags({ page, base, sign_in }) {
  await sign_in(page, app);
  await has_text(page, row(page, /v1/), /linux\/amd64/);
  await has_text(page, row(page, /^arm/), /linux\/arm64/);
  const before = (await row(page, /^arm/).innerText()).split('\t');
  await fetch(`${base}/v2/demo/tools/app/manifests/arm`, {
    headers: {
      Authorization: `Basic ${btoa(`admin:${process.env.ADMIN_PASSWORD}`)}`,
      Accept: 'application/vnd.oci.image.manifest.v1+json',
    },
  });
  await until('the pull is counted', async () => {
    await page.reload();
    await row(page, /^arm/).waitFor();
    return (await row(page, /^arm/).innerText()).split('\t')[4] !== before[4];
  });
  const host = new URL(base).host;
  const copy = row(page, /v1/).getByRole('button', {
    name: `Copy: docker pull ${host}/demo/tools/app:v1`,
    exact: true,
  });
  await copy.click();
  await row(page, /v1/).getByText('Copied').first().waitFor();
  await row(page, /v1/)
    .getByRole('button', {
      name: `Copy: docker pull ${host}/demo/tools/app@${process.env.DIGEST}`,
    })
    .waitFor();
  await page.getByRole('searchbox').fill('arm64');
  await until('only those of that platform are left', async () =>
    (await page.locator('tbody tr').count()) === 2);
}

export async function details({ page, sign_in }) {
  await sign_in(page, `${app}:v1`);
  const layers = page.locator('.layers tbody tr');
  await has_text(page, layers.first(), /ADD file:1 in \/\s+2\.9 MiB/);
  await has_text(page, layers.last(), /CMD \["\/data"\]\s+no layer/);
  await has_text(page, page.locator('.summary'), /linux\/amd64/);
  await page.getByText('PATH=/bin').waitFor();
  await page.getByText('org.example.team').waitFor();
  const tree = page.locator('.tree-groups').first();
  await has_text(page, tree.locator('.tree-groups'), /Signature/);
  await tree.getByRole('link', { name: 'SBOM' }).click();
  await page.getByText('Refers to', { exact: true }).waitFor();
  await page.locator('.name-value').getByText('org.example.by').waitFor();
}

export async function index({ page, sign_in }) {
  await sign_in(page, `${app}:all`);
  await page.getByText('Image of several platforms').waitFor();
  await page.getByText(/skopeo copy --all/).waitFor();
  await page.getByRole('link', { name: 'linux/amd64' }).click();
  await page.locator('.layers').waitFor();
  await has_text(page, page.locator('.summary'), /stable/);
  await page.getByText(`docker pull ${new URL(page.url()).host}/demo/tools/app@${process.env.DIGEST}`).waitFor();
}

export async function artifact({ page, sign_in }) {
  await sign_in(page, `${app}:v1`);
  await page.getByRole('link', { name: 'SBOM' }).click();
  await page.getByText(/oras pull --plain-http .*@sha256:/).waitFor();
}

export async function deletes_tag({ page, sign_in }) {
  await sign_in(page, app);
  await page.getByRole('button', { name: 'Delete stable' }).click();
  await dialog(page).getByText('It frees nothing').waitFor();
  await dialog(page).getByText(/can be undone until/).waitFor();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await row(page, /stable\s+only the tag/).waitFor();
  await until('the tag is gone', async () =>
    (await page.getByRole('link', { name: 'stable' }).count()) === 0);
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('link', { name: 'stable' }).waitFor();
  await until('nothing is left to bring back', async () =>
    (await page.getByRole('button', { name: 'Restore' }).count()) === 0);
}

export async function deletes_image({ page, sign_in }) {
  await sign_in(page, `${app}:all`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog(page).getByText(/It frees [\d.]+ (B|KiB|MiB)/).waitFor();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'tools/app' }).waitFor();
  await until('its tag is gone', async () =>
    (await page.getByRole('link', { name: 'all', exact: true }).count()) === 0);
  await row(page, /all\s+with its tags/)
    .getByRole('button', { name: 'Restore' })
    .click();
  await page.getByRole('link', { name: 'all', exact: true }).waitFor();
}

export async function policy({ page, sign_in }) {
  await sign_in(page, `${images}?view=policy`);
  await page.getByLabel('may weigh').fill('1 GiB');
  await page.getByRole('button', { name: 'Add a pattern' }).click();
  const pattern = page.getByRole('group', { name: 'Pattern 1' });
  await pattern.getByLabel('Tags').fill('v*');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const rule = page.getByRole('group', { name: 'Rule 1' });
  await rule.getByLabel('Keep the last').fill('few');
  await page.getByRole('button', { name: 'Save' }).click();
  await rule.getByText(/keep_last must be a whole number/).waitFor();
  expect(
    (await rule.getByLabel('Keep the last').getAttribute('aria-invalid')) ===
      'true',
    'the field is not marked',
  );
  await rule.getByLabel('Keep the last').fill('1');
  await page.getByRole('button', { name: 'Preview' }).click();
  await has_text(page, page.locator('.preview'), /tools\/app:arm/);
  await rule.getByLabel('Keep the last').fill('3');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  await page.reload();
  await until('it is still there', async () =>
    (await rule.getByLabel('Keep the last').inputValue()) === '3');
}

export async function immutable({ page, sign_in }) {
  await sign_in(page, app);
  await page.getByRole('button', { name: 'Delete v1' }).click();
  await dialog(page).getByText('It frees nothing').waitFor();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  const alert = await dialog(page).getByRole('alert').innerText();
  expect(/v1/.test(alert), `the sentence is: ${alert}`);
}

export async function nodes({ page, base, sign_in }) {
  await sign_in(page, `${images}?view=nodes`);
  await page.getByText('/etc/docker/daemon.json').first().waitFor();
  await page.getByRole('heading', { name: 'k3s' }).waitFor();
  await page.getByText(new URL(base).host).first().waitFor();
}

export async function storage({ page, sign_in }) {
  await sign_in(page, '/admin/storage');
  const bars = page.locator('.plot > li');
  await has_text(page, bars.first(), /demo\s+[\d.]+ MiB of 1\.0 GiB/);
  await has_text(page, bars.last(), /other\s+\d+ KiB/);
  await page.getByText(/free on the disk/).waitFor();
}

const panel = (page, title) =>
  page.locator('.panel', { has: page.getByRole('heading', { name: title }) });

export async function dry_run({ page, base, sign_in }) {
  const orphan = createHash('sha256').update('orphan').digest('hex');
  const sent = await fetch(
    `${base}/v2/demo/tools/app/blobs/uploads/?digest=sha256:${orphan}`,
    {
      method: 'POST',
      headers: {
        Authorization: `Basic ${btoa(`admin:${process.env.ADMIN_PASSWORD}`)}`,
        'Content-Type': 'application/octet-stream',
      },
      body: 'orphan',
    },
  );
  expect(sent.status === 201, `a push gives ${sent.status}`);
  await sign_in(page, '/admin/storage');
  const runs = panel(page, 'Garbage collection');
  await runs.getByRole('button', { name: 'Dry run' }).click();
  await runs.getByText(/Would go: [1-9]/).waitFor();
  await runs.getByRole('cell', { name: orphan }).first().waitFor();
  await runs.getByRole('button', { name: 'Collect garbage' }).click();
  await dialog(page).getByRole('button', { name: 'Collect garbage' }).click();
  await runs.getByText(/Gone: [1-9]/).waitFor();
}

export async function scrub({ page, sign_in }) {
  await sign_in(page, '/admin/storage');
  const runs = panel(page, 'Scrub');
  await runs.getByRole('button', { name: 'Read everything again' }).click();
  await runs.getByText(/Nothing is damaged · read: [\d.]+ MiB/).waitFor();
}

export async function scrub_fault({ page, sign_in }) {
  await sign_in(page, '/admin/storage');
  const runs = panel(page, 'Scrub');
  await runs.getByRole('button', { name: 'Read everything again' }).click();
  await runs.getByText(/Faults: [1-9]/).waitFor();
  await runs.locator('.storage-items').getByText(/image (demo|other)/).first().waitFor();
}

export async function deletes_repository({ page, sign_in }) {
  await sign_in(page, '/projects/other/images');
  await page.getByRole('button', { name: 'Delete small' }).click();
  await dialog(page).getByText(/Tags: 1/).waitFor();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No images yet').waitFor();
  await page.getByRole('link', { name: 'Deleted', exact: true }).click();
  await row(page, /small:v1/).getByRole('button', { name: 'Delete for good' }).click();
  await dialog(page).getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('Nothing to bring back').waitFor();
}

const screens = [
  images,
  `${images}?view=deleted`,
  `${images}?view=policy`,
  `${images}?view=nodes`,
  app,
  `${app}:v1`,
  `${app}:all`,
  '/admin/storage',
];

export const options = { korean: { locale: 'ko-KR' }, phone: on_phone };

export async function phone(tools) {
  await tools.sign_in(tools.page);
  await fits_phone(tools, screens);
}

export async function korean({ page, base, password }) {
  await page.goto(`${base}${app}:v1`);
  await page.getByLabel('사용자 이름').fill('admin');
  await page.getByLabel('비밀번호').fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByRole('heading', { name: '레이어' }).waitFor();
  await page.goto(`${base}/admin/storage`);
  await page.getByRole('heading', { name: '가비지 수집' }).waitFor();
}
