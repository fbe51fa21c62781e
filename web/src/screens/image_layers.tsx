import { Copy } from '../components/copy';
import { Meter } from '../components/meter';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { t } from '../i18n';
import { short_id, size } from '../lib/format';
import { step_command } from '../lib/images';
import type { ImageLayer } from '../types';

function LayerRow(props: { layer: ImageLayer; largest: number }) {
  const { layer, largest } = props;
  const command = step_command(layer.created_by);
  return (
    <tr class={layer.digest ? '' : 'empty-layer'}>
      <td class="layer-command">
        {command ? (
          <code>{command}</code>
        ) : (
          <span class="faint">{layer.media_type}</span>
        )}
      </td>
      <td class="layer-size">
        {layer.digest && (
          <>
            <span class="num nowrap">{size(layer.size_bytes)}</span>
            <Meter share={largest ? layer.size_bytes / largest : 0} />
          </>
        )}
      </td>
      <td class="nowrap">
        {layer.digest ? (
          <>
            <code title={`${layer.digest}\n${layer.media_type}`}>
              {short_id(layer.digest)}
            </code>
            <Copy text={layer.digest} />
          </>
        ) : (
          <span class="faint">{t('images.no_layer')}</span>
        )}
      </td>
    </tr>
  );
}

// Steps of the build in their order, with the layer that each made.
export function ImageLayers(props: { layers: ImageLayer[] }) {
  const { layers } = props;
  if (!layers.length) return null;
  const largest = Math.max(...layers.map((layer) => layer.size_bytes));
  const total = layers.reduce((sum, layer) => sum + layer.size_bytes, 0);
  return (
    <Panel
      title={t('images.layers')}
      flush
      actions={
        <span class="faint num">{size(total)}</span>
      }
    >
      <Table
        class="layers"
        head={[
          t('images.command'),
          t('artifacts.size'),
          t('artifacts.digest'),
        ]}
      >
        {layers.map((layer, number) => (
          <LayerRow key={number} layer={layer} largest={largest} />
        ))}
      </Table>
    </Panel>
  );
}
