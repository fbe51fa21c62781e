import { delivery } from './en/delivery';
import { general } from './en/general';
import { neighbours } from './en/neighbours';
import { people } from './en/people';
import { pipelines } from './en/pipelines';
import { registry } from './en/registry';

export const parts = {
  delivery,
  general,
  neighbours,
  people,
  pipelines,
  registry,
};

export const en = {
  ...delivery,
  ...general,
  ...neighbours,
  ...people,
  ...pipelines,
  ...registry,
};
