import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import '../../pages/colours.css';
import './style.css';
import './home.css';
import NotFound from './NotFound.js';
import SourceLink from './SourceLink.js';

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'doc-footer-before': () => h(SourceLink),
      'not-found': () => h(NotFound),
    }),
};
