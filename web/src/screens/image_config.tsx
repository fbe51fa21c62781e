import { Panel } from '../components/page';
import { t } from '../i18n';
import type { ImageConfig } from '../types';

// Names and values, in a panel of their own.
export function Pairs(props: {
  title: string;
  pairs: Record<string, string>;
}) {
  const pairs = Object.entries(props.pairs);
  if (!pairs.length) return null;
  return (
    <Panel title={props.title} flush>
      <table class="table name-value">
        <tbody>
          {pairs.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

// Arguments as a shell would need them written.
function words(list: string[]) {
  return list
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(' ');
}

export function ImageConfiguration(props: { config: ImageConfig }) {
  const { config } = props;
  const rows: [string, string][] = [
    [t('images.entrypoint'), words(config.entrypoint)],
    [t('images.cmd'), words(config.cmd)],
    [t('images.working_dir'), config.working_dir],
    [t('images.user'), config.user],
    [t('images.ports'), config.exposed_ports.join(', ')],
    [t('images.volumes'), config.volumes.join(', ')],
    [t('images.env'), config.env.join('\n')],
    [t('images.author'), config.author],
  ];
  const filled = rows.filter(([, value]) => value);
  return (
    <>
      {!!filled.length && (
        <Panel title={t('images.configuration')} flush>
          <table class="table name-value">
            <tbody>
              {filled.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <code class="lines">{value}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
      <Pairs title={t('images.labels')} pairs={config.labels} />
    </>
  );
}
