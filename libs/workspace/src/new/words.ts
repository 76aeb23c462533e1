import { UsageError } from '../command-line.js';

/** A name in kebab case, such as `transfer-tokens`, and the forms that code has of it. */
export class Name {
  readonly kebab: string;

  /** @throws UsageError unless the text is in kebab case */
  constructor(text: string, what: string) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) {
      throw new UsageError(`${what}: words in lower case with hyphens, not '${text}'`);
    }
    this.kebab = text;
  }

  get pascal(): string {
    return this.words.map(capitalised).join('');
  }

  get camel(): string {
    return `${this.kebab.charAt(0)}${this.pascal.slice(1)}`;
  }

  get snake(): string {
    return this.words.join('_');
  }

  get spaced(): string {
    return this.words.join(' ');
  }

  get sentence(): string {
    return capitalised(this.spaced);
  }

  get plural(): Name {
    const text = this.kebab;
    if (/[^aeiou]y$/.test(text)) return new Name(`${text.slice(0, -1)}ies`, text);
    return new Name(`${text}${/(s|x|z|ch|sh)$/.test(text) ? 'es' : 's'}`, text);
  }

  private get words(): readonly string[] {
    return this.kebab.split('-');
  }
}

/** `AccountOpened` as `account-opened`. */
export function kebabOf(pascal: string): string {
  return pascal.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
