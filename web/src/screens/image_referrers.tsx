import type { ImageKey } from '../api';
import { Icon, type IconName } from '../components/icons';
import { Panel } from '../components/page';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id, size } from '../lib/format';
import { referrer_kind, type ReferrerKind } from '../lib/images';
import { to } from '../router';
import type { ImageReferrer } from '../types';

const looks: Record<ReferrerKind, [IconName, () => string]> = {
  signature: ['key', () => t('images.signature')],
  sbom: ['file', () => t('images.sbom')],
  attestation: ['ok', () => t('images.attestation')],
  other: ['box', () => t('images.kind_artifact')],
};

function Annotations(props: { of: Record<string, string> }) {
  const all = Object.entries(props.of);
  if (!all.length) return null;
  return (
    <details class="referrer-notes">
      <summary>{t('images.annotation_count', { count: all.length })}</summary>
      <dl>
        {all.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Branch(props: { image: ImageKey; referrers: ImageReferrer[] }) {
  const { image, referrers } = props;
  return (
    <ul class="tree-groups">
      {referrers.map((referrer) => {
        const [icon, word] = looks[referrer_kind(referrer)];
        return (
          <li key={referrer.digest}>
            <div class="referrer">
              <a
                class="row-link"
                href={to.image(image.project, image.repository, referrer.digest)}
              >
                <Icon name={icon} /> {word()}
              </a>
              <span class="faint">{referrer.artifact_type}</span>
              <code title={referrer.digest}>{short_id(referrer.digest)}</code>
              <span class="faint num">{size(referrer.size_bytes)}</span>
              <span class="faint">
                <Ago time={referrer.pushed} />
              </span>
            </div>
            <Annotations of={referrer.annotations} />
            {!!referrer.referrers.length && (
              <Branch image={image} referrers={referrer.referrers} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

// Signatures, SBOMs and whatever else says something of this image; what is
// said of them stands below.
export function ImageReferrers(props: {
  image: ImageKey;
  referrers: ImageReferrer[];
}) {
  if (!props.referrers.length) return null;
  return (
    <Panel title={t('images.referrers')}>
      <Branch {...props} />
    </Panel>
  );
}
