import { t } from '../i18n';
import { diff_rows } from '../lib/diff';

const signs = { same: ' ', added: '+', removed: '−', hunk: '' };

export function UnifiedDiff(props: { text: string }) {
  return (
    <div class="diff" tabIndex={0} role="region" aria-label={t('diff.changes')}>
      {diff_rows(props.text).map((row, index) => (
        <div key={index} class={`diff-row diff-${row.kind}`}>
          <span class="diff-number">{row.before ?? ''}</span>
          <span class="diff-number">{row.after ?? ''}</span>
          <span class="diff-sign">{signs[row.kind]}</span>
          <span class="diff-text">{row.text}</span>
        </div>
      ))}
    </div>
  );
}
