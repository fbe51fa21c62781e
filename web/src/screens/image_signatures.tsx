import { Icon } from '../components/icons';
import { Panel } from '../components/page';
import { t } from '../i18n';
import type { ImageSignature } from '../types';

// Each signature of an image: by which key of the policy it was made, or why
// it does not count.
export function ImageSignatures(props: { signatures: ImageSignature[] }) {
  if (!props.signatures.length) return null;
  return (
    <Panel title={t('images.signatures')}>
      <ul class="tree-groups">
        {props.signatures.map((one, i) => (
          <li key={i}>
            <span class={one.valid ? 'chip tone-ok' : 'chip'}>
              <Icon name="key" />{' '}
              {one.valid
                ? t('images.signed_by', { names: one.key })
                : t('images.signature_no')}
            </span>{' '}
            <span class="faint">{one.valid ? one.identity : one.trouble}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
