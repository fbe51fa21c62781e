import { load_language } from '../src/i18n';

await load_language('en');
