/** What TypeDoc's JSON says of a declaration, as far as the reference needs it. */

/** The numbers of TypeDoc's `ReflectionKind`. */
export const KIND = {
  namespace: 4,
  variable: 32,
  function: 64,
  class: 128,
  interface: 256,
  constructor: 512,
  property: 1024,
  method: 2048,
  accessor: 262144,
  alias: 2097152,
  /** Another entry exports the same. */
  reference: 4194304,
} as const;

export interface CommentPart {
  readonly kind: 'text' | 'code' | 'inline-tag';
  readonly text: string;
  /** Of `{@link}`: the number of a reflection, or where a symbol is that has none. */
  readonly target?: number | object | string;
}

export interface Comment {
  readonly summary: readonly CommentPart[];
  readonly blockTags?: readonly { readonly tag: string; readonly content: readonly CommentPart[] }[];
}

export interface Reflection {
  readonly id: number;
  readonly name: string;
  readonly kind: number;
  readonly flags: {
    readonly isOptional?: boolean;
    readonly isReadonly?: boolean;
    readonly isStatic?: boolean;
    readonly isRest?: boolean;
    readonly isAbstract?: boolean;
  };
  readonly comment?: Comment;
  readonly sources?: readonly { readonly fileName: string; readonly line: number }[];
  readonly children?: readonly Reflection[];
  readonly signatures?: readonly Reflection[];
  readonly indexSignatures?: readonly Reflection[];
  readonly getSignature?: Reflection;
  readonly setSignature?: Reflection;
  readonly parameters?: readonly Reflection[];
  readonly typeParameters?: readonly Reflection[];
  readonly type?: TypeNode;
  /** The default of a type parameter. */
  readonly default?: TypeNode;
  readonly defaultValue?: string;
  readonly extendedTypes?: readonly TypeNode[];
  readonly implementedTypes?: readonly TypeNode[];
  readonly inheritedFrom?: { readonly name: string };
  /** Of a reference: what it refers to. */
  readonly target?: number;
}

/** One of TypeDoc's types; `type` says which members it has. */
export interface TypeNode {
  readonly type: string;
  readonly name?: string;
  readonly target?: number | object;
  readonly value?: string | number | boolean | null;
  readonly types?: readonly TypeNode[];
  readonly elementType?: TypeNode;
  readonly elements?: readonly TypeNode[];
  readonly typeArguments?: readonly TypeNode[];
  readonly declaration?: Reflection;
  readonly operator?: string;
  readonly targetType?: TypeNode | null;
  readonly objectType?: TypeNode;
  readonly indexType?: TypeNode;
  readonly queryType?: TypeNode;
  readonly asserts?: boolean;
  readonly element?: TypeNode;
  readonly isOptional?: boolean;
}
