import { useData } from 'vitepress';
import { h } from 'vue';

/** Below a page: the file of the repository that it is made from. */
export default {
  setup() {
    const { frontmatter } = useData();
    return () =>
      frontmatter.value.source === undefined
        ? null
        : h(
            'p',
            { class: 'page-source' },
            h('a', { href: frontmatter.value.source }, 'The source of this page'),
          );
  },
};
