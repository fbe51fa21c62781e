import { render } from 'preact';
import { App } from './app';
import { apply_theme } from './theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/screens.css';
import './styles/images.css';
import './styles/log.css';

apply_theme();
render(<App />, document.getElementById('app')!);
