/** The colours of code as classes: a style attribute for each word would need a policy that allows every style. */

/** What is coloured, with the scopes of TextMate grammars. The stylesheet has the colours. */
const SCOPES = {
  comment: ['comment', 'punctuation.definition.comment'],
  keyword: ['keyword', 'storage', 'variable.language.this', 'keyword.operator.new'],
  string: ['string', 'punctuation.definition.string', 'string.template'],
  constant: ['constant', 'support.constant', 'constant.language', 'constant.numeric'],
  function: ['entity.name.function', 'support.function'],
  name: [
    'entity.name.type',
    'entity.name.class',
    'support.class',
    'support.type.primitive',
    'entity.other.inherited-class',
  ],
  property: [
    'support.type.property-name',
    'meta.object-literal.key',
    'entity.other.attribute-name',
    'entity.name.tag',
  ],
  plain: ['keyword.operator', 'punctuation', 'meta.brace', 'meta.template.expression'],
};

/** Each kind has a colour that stands for it, and no page ever shows. */
const names = Object.keys(SCOPES);
const colourOf = (name) => `#00000${names.indexOf(name) + 1}`;

export const codeTheme = {
  name: 'serval',
  type: 'light',
  fg: '#000000',
  bg: '#ffffff',
  settings: [
    { settings: { foreground: '#000000', background: '#ffffff' } },
    ...names.map((name) => ({ scope: SCOPES[name], settings: { foreground: colourOf(name) } })),
  ],
};

/** A transformer of Shiki: styles become classes. */
export const codeClasses = {
  name: 'classes instead of styles',
  pre(node) {
    delete node.properties.style;
  },
  span(node) {
    const [, digit] = /^color:#00000(\d)$/.exec(node.properties.style ?? '') ?? [];
    delete node.properties.style;
    const name = names[Number(digit) - 1];
    if (name !== undefined && name !== 'plain') node.properties.class = `code-${name}`;
  },
};
