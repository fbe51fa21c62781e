import { Empty } from '../components/notice';
import { Page, Tabs } from '../components/page';
import { t, type Key } from '../i18n';
import { to } from '../router';
import { AdminAudit } from './admin_audit';
import { AdminPipelines } from './project_pipelines';
import { AdminSettings } from './admin_settings';
import { AdminStorage } from './admin_storage';
import { AdminUsers } from './admin_users';
import { AdminWebhooks } from './webhooks';

const parts = {
  users: AdminUsers,
  settings: AdminSettings,
  storage: AdminStorage,
  pipelines: AdminPipelines,
  webhooks: AdminWebhooks,
  audit: AdminAudit,
};

export function Admin(props: { tab: string }) {
  const Part = parts[props.tab as keyof typeof parts];
  const tabs = Object.keys(parts).map((name) => ({
    name,
    text: t(`admin.${name}` as Key),
    to: to.admin(name),
  }));
  return (
    <Page title={t('nav.admin')}>
      <Tabs label={t('admin.parts')} tabs={tabs} current={props.tab} />
      {Part ? (
        <Part />
      ) : (
        <Empty icon="question" title={t('state.no_such_page')} />
      )}
    </Page>
  );
}
