import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import '../../pages/colours.css';
import './style.css';
import './home.css';
import SourceLink from './SourceLink.js';

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-footer-before': () => h(SourceLink) }),
};
