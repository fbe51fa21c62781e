import { delivery } from './en/delivery';
import { general } from './en/general';
import { people } from './en/people';
import { pipelines } from './en/pipelines';
import { registry } from './en/registry';

export const parts = { delivery, general, people, pipelines, registry };

export const en = {
  ...delivery,
  ...general,
  ...people,
  ...pipelines,
  ...registry,
};
