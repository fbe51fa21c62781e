import type { ApiError } from '../api_error';
import { t, t_name } from '../i18n';

// One sentence for the person: the server's own where it gave one.
export function explain(error: ApiError): string {
  if (error.code === 'unreachable') return t('error.unreachable');
  if (error.message) return error.message;
  const known = t_name('error', error.code);
  return known === error.code
    ? t('error.status', { status: error.status })
    : known;
}
