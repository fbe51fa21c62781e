import type { Words } from './index';
import { delivery } from './ko/delivery';
import { general } from './ko/general';
import { neighbours } from './ko/neighbours';
import { people } from './ko/people';
import { pipelines } from './ko/pipelines';
import { registry } from './ko/registry';

export const ko: Words = {
  ...delivery,
  ...general,
  ...neighbours,
  ...people,
  ...pipelines,
  ...registry,
};
