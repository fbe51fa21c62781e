import * as api from '../api';
import { Copy } from '../components/copy';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { t } from '../i18n';
import { use_data } from '../use_data';

// What is put on a node so that it pulls from here.
export function ImageNodes(props: { project: string }) {
  const { project } = props;
  const nodes = use_data(`nodes-${project}`, () => api.upstream.nodes(project));
  return (
    <Listing
      of={nodes}
      empty={<Empty icon="file" title={t('images.no_snippets')} />}
    >
      {(items) => (
        <>
          <p class="hint">{t('images.nodes_hint')}</p>
          {items.map((snippet) => (
            <Panel
              key={snippet.file}
              title={snippet.tool}
              flush
              actions={
                <>
                  <code class="faint">{snippet.file}</code>
                  <Copy
                    text={snippet.content}
                    label={t('images.copy_file', { file: snippet.file })}
                  />
                </>
              }
            >
              <pre class="code">{snippet.content}</pre>
              {snippet.note && (
                <p class="panel-body faint">{snippet.note}</p>
              )}
            </Panel>
          ))}
        </>
      )}
    </Listing>
  );
}
