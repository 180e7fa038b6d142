import { h } from 'vue';

/** What an address without a page shows. */
export default () =>
  h('main', { class: 'home vp-doc' }, [
    h('h1', 'There is no page at this address'),
    h('p', 'The search above looks through all pages.'),
    h('p', { class: 'ways' }, [
      h('a', { class: 'way first', href: '/' }, 'To the first page'),
      h('a', { class: 'way', href: '/all-pages' }, 'All pages'),
    ]),
  ]);
