import { render } from 'preact';
import { App } from './app';
import { load_language } from './i18n';
import { apply_theme } from './theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/forms.css';
import './styles/parts.css';
import './styles/frame.css';
import './styles/screens.css';
import './styles/applications.css';
import './styles/small_screens.css';
import './styles/images.css';
import './styles/log.css';

apply_theme();
// The default words are better than none.
await load_language().catch(() => load_language('en'));
render(<App />, document.getElementById('app')!);
