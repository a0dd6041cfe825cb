import '@fontsource-variable/figtree/wght.css';
import './styles/mantine';
import './styles/tokens.css';
import './styles/base.css';
import './styles/touch.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import './i18n';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
