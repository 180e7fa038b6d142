/** The page of one entry of the package, such as `serval/files`: what it exports, with docstrings. */
import { type Addresses, textOfComment } from './comment-text.ts';
import { KIND, type Reflection, type TypeNode } from './reflections.ts';
import { signatureText, typeParametersText, typeText } from './type-text.ts';

export interface Entry {
  /** `serval/files`. */
  readonly name: string;
  /** The description at the top of its source, as Markdown. */
  readonly about: string;
  readonly exported: readonly Reflection[];
}

/** The order of the page. */
const SECTIONS: readonly (readonly [title: string, kinds: readonly number[]])[] = [
  ['Functions', [KIND.function]],
  ['Classes', [KIND.class]],
  ['Constants', [KIND.variable, KIND.namespace]],
  ['Types', [KIND.interface, KIND.alias]],
  ['Also exported', [KIND.reference]],
];

const VALUES: readonly number[] = [KIND.function, KIND.class, KIND.variable];

export function entryPage(
  entry: Entry,
  addresses: Addresses,
  sourceAddress: (file: string) => string,
): string {
  const page = new EntryPage(addresses, sourceAddress);
  const sections = SECTIONS.flatMap(([title, kinds]) => {
    const those = entry.exported.filter(({ kind }) => kinds.includes(kind)).sort(byName);
    return those.length === 0 ? [] : [`## ${title}`, ...those.map((each) => page.declared(each))];
  });
  return [
    `# ${entry.name}`,
    // Its description may have an example already.
    entry.about.includes(`from '${entry.name}'`) ? '' : fenced(importOf(entry)),
    entry.about,
    ...(sections.length === 0 ? ['It exports nothing: it is imported for its effect.'] : sections),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** With its first names, functions before classes: a long list says nothing. */
function importOf({ name, exported }: Entry): string {
  const names = SECTIONS.flatMap(([, kinds]) =>
    exported.filter(({ kind }) => kinds.includes(kind) && VALUES.includes(kind)).map((each) => each.name),
  );
  if (names.length === 0) return `import '${name}';`;
  return `import { ${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''} } from '${name}';`;
}

class EntryPage {
  readonly #addresses: Addresses;
  readonly #sourceAddress: (file: string) => string;

  constructor(addresses: Addresses, sourceAddress: (file: string) => string) {
    this.#addresses = addresses;
    this.#sourceAddress = sourceAddress;
  }

  declared(reflection: Reflection): string {
    if (reflection.kind === KIND.reference) {
      const address = this.#addresses.get(reflection.target ?? -1);
      return `- ${address === undefined ? `\`${reflection.name}\`` : `[\`${reflection.name}\`](${address})`}`;
    }
    const { signatures = [] } = reflection;
    const [source] = reflection.sources ?? [];
    const code = declarationText(reflection);
    const isBare = /^(?:class|interface|namespace) \w+$/.test(code);
    return [
      `### ${reflection.name} {#${anchorOf(reflection, this.#addresses)}}`,
      source === undefined
        ? ''
        : `<p class="source"><a href="${this.#sourceAddress(source.fileName)}">${source.fileName}</a></p>`,
      isBare ? '' : fenced(code),
      ...this.#documented(signatures[0] ?? reflection, reflection),
      this.#named(reflection),
      ...this.#members(reflection),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  /** Description, parameters, result, errors and examples of a declaration or a signature. */
  #documented(documented: Reflection, fallback: Reflection): string[] {
    const { about, defaultValue, returns, throws, examples } = textOfComment(
      documented.comment ?? fallback.comment,
      this.#addresses,
    );
    const parameters = (documented.parameters ?? []).flatMap(({ name, comment }) => {
      const text = textOfComment(comment, this.#addresses).about;
      return text === '' || name === '__namedParameters' ? [] : [`- \`${name}\`: ${indented(text)}`];
    });
    return [
      about,
      parameters.join('\n'),
      defaultValue === '' ? '' : `Default: ${defaultValue}`,
      returns === '' ? '' : `Returns ${returns}`,
      ...throws.map((text) => `Throws ${text}`),
      ...examples,
    ].filter((part) => part !== '');
  }

  #members(reflection: Reflection): string[] {
    const members = membersOf(reflection);
    const inherited = members.filter(({ inheritedFrom }) => inheritedFrom !== undefined);
    const own = members.filter(({ inheritedFrom }) => inheritedFrom === undefined);
    const from = (reflection.extendedTypes ?? []).map((type) => this.#linked(type));
    return [
      ...own.map((member) => this.#member(reflection, member)),
      inherited.length === 0
        ? ''
        : `Inherited from ${from.join(', ')}: ${inherited.map(({ name }) => `\`${name}\``).join(', ')}.`,
    ];
  }

  #member(owner: Reflection, member: Reflection): string {
    const { signatures = [], getSignature } = member;
    const code = memberText(member);
    const id = `${anchorOf(owner, this.#addresses)}.${member.name.replace(/[^\w$]/g, '')}`;
    return [
      ...(isShort(code) ? [`#### \`${code}\` {#${id}}`] : [`#### ${member.name} {#${id}}`, fenced(code)]),
      ...this.#documented(signatures[0] ?? getSignature ?? member, member),
      this.#named(member, owner.name),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  #linked(type: TypeNode): string {
    const address = typeof type.target === 'number' ? this.#addresses.get(type.target) : undefined;
    return address === undefined ? `\`${typeText(type)}\`` : `[\`${typeText(type)}\`](${address})`;
  }

  /** Links to the types that a signature names: there are none in a block of code. */
  #named(reflection: Reflection, owner = reflection.name): string {
    const names = new Map<string, string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) return value.forEach(visit);
      if (typeof value !== 'object' || value === null) return;
      const { type, target, name } = value as TypeNode;
      const address = typeof target === 'number' ? this.#addresses.get(target) : undefined;
      if (type === 'reference' && address !== undefined && name !== owner) names.set(name!, address);
      for (const [key, inner] of Object.entries(value))
        if (!['comment', 'inheritedFrom', 'overwrites'].includes(key)) visit(inner);
    };
    const { signatures, type, getSignature, extendedTypes } = reflection;
    visit([signatures, type, getSignature, extendedTypes]);
    if (names.size === 0) return '';
    const links = [...names].map(([name, address]) => `<a href="${address}">${name}</a>`);
    return `<p class="named">${links.join(' ')}</p>`;
  }
}

/** Classes, interfaces, namespaces, and aliases of an object type. */
function membersOf(reflection: Reflection): readonly Reflection[] {
  if (reflection.kind === KIND.alias || reflection.kind === KIND.variable) return [];
  return (reflection.children ?? []).filter(({ name }) => !name.startsWith('#'));
}

function declarationText(reflection: Reflection): string {
  const { name, kind, signatures = [], type } = reflection;
  const parameters = typeParametersText(reflection.typeParameters);
  if (kind === KIND.function)
    return signatures.map((each) => `function ${signatureText(each, name)};`).join('\n');
  if (kind === KIND.alias) return `type ${name}${parameters} = ${typeText(type)};`;
  if (kind === KIND.variable) return `const ${name}: ${typeText(type)};`;
  if (kind === KIND.namespace) return `namespace ${name}`;
  const word =
    kind === KIND.class ? `${reflection.flags.isAbstract === true ? 'abstract ' : ''}class` : 'interface';
  const { extendedTypes = [], implementedTypes = [] } = reflection;
  const above = extendedTypes.length === 0 ? '' : ` extends ${extendedTypes.map(typeText).join(', ')}`;
  const also =
    implementedTypes.length === 0 ? '' : ` implements ${implementedTypes.map(typeText).join(', ')}`;
  return `${word} ${name}${parameters}${above}${also}`;
}

function memberText(member: Reflection): string {
  const { name, kind, flags, signatures = [], getSignature, setSignature, type } = member;
  const before = flags.isStatic === true ? 'static ' : '';
  if (kind === KIND.constructor)
    return signatures.map((each) => signatureText({ ...each, typeParameters: [] }, 'new ')).join('\n');
  if (signatures.length > 0)
    return signatures.map((each) => `${before}${signatureText(each, name)}`).join('\n');
  const value = getSignature?.type ?? setSignature?.parameters?.[0]?.type ?? type;
  const isReadonly = flags.isReadonly === true || (getSignature !== undefined && setSignature === undefined);
  return `${before}${isReadonly ? 'readonly ' : ''}${name}${flags.isOptional === true ? '?' : ''}: ${typeText(value)}`;
}

/** Whether a signature fits into a heading. */
const isShort = (code: string): boolean => code.length <= 76 && !/[\n`]/.test(code);

/** The part behind `#` of the address of a declaration. */
export const anchorOf = (reflection: Reflection, addresses: Addresses): string =>
  (addresses.get(reflection.id) ?? `#${reflection.name}`).replace(/^[^#]*#/, '');

const fenced = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;
const indented = (text: string): string => text.replaceAll('\n', '\n  ');
const byName = (a: Reflection, b: Reflection): number => (a.name < b.name ? -1 : 1);
