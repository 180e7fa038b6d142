/** Makes elements. Text is always text: nothing that a client has sent becomes markup. */

type Child = Node | string | undefined;
type Properties = Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>;

/** @param properties attributes, and listeners under `onclick` and the like; `undefined` and `false` are left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function byId<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

/** Sets the text only where it differs: a screen reader is not told again. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
