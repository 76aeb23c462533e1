import ts from 'typescript';

/** The text of a TypeScript file while it is changed. What is there already is not added a second time. */
export class SourceEdit {
  private source: ts.SourceFile;

  constructor(
    private readonly path: string,
    text: string,
  ) {
    this.source = parse(path, text);
  }

  get text(): string {
    return this.source.text;
  }

  textOf(node: ts.Node): string {
    return node.getText(this.source);
  }

  /** Every node of a kind, in the order of the text. */
  all<T extends ts.Node>(is: (node: ts.Node) => node is T): readonly T[] {
    const found: T[] = [];
    const visit = (node: ts.Node): void => {
      if (is(node)) found.push(node);
      node.forEachChild(visit);
    };
    visit(this.source);
    return found;
  }

  /** The initial value of a constant at the top of the file, without `as const` and `satisfies`. */
  constant(name: string): ts.Expression | undefined {
    const declared = this.all(ts.isVariableDeclaration).find(
      (each) => this.textOf(each.name) === name,
    );
    return declared?.initializer && bare(declared.initializer);
  }

  declares(name: string): boolean {
    return this.source.statements.some(
      (statement) =>
        (ts.isFunctionDeclaration(statement) ||
          ts.isInterfaceDeclaration(statement) ||
          ts.isTypeAliasDeclaration(statement)) &&
        statement.name?.text === name,
    );
  }

  insert(position: number, addition: string): void {
    const { text } = this;
    this.source = parse(this.path, `${text.slice(0, position)}${addition}${text.slice(position)}`);
  }

  append(text: string): void {
    this.insert(this.text.length, `\n${text}\n`);
  }

  /** Inserts statements before the one that `node` is or stands in, and before its comment. */
  insertBefore(node: ts.Node, text: string): void {
    let statement = node;
    while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
    this.insert(statement.getFullStart(), `\n\n${text}\n`);
  }

  /** Imports names, of which types are written `type Name`. */
  import(from: string, names: readonly string[]): void {
    for (const name of names) this.importOne(from, name);
  }

  addToUnion(alias: string, member: string): void {
    const declared = this.all(ts.isTypeAliasDeclaration).find((each) => each.name.text === alias);
    if (declared) this.widen(declared.type, member);
  }

  /** Adds a member to what is a union, or becomes one. */
  widen(type: ts.TypeNode, member: string): void {
    const members = ts.isUnionTypeNode(type) ? type.types : [type];
    if (!members.some((each) => this.textOf(each) === member)) {
      this.insert(type.getEnd(), ` | ${member}`);
    }
  }

  /** Adds a property to an object; a name that it has stays as it is. */
  addProperty(object: ts.ObjectLiteralExpression, name: string, text: string): void {
    if (this.property(object, name)) return;
    const { hasTrailingComma = false, length, end } = object.properties;
    this.insert(end, `${hasTrailingComma || length === 0 ? '' : ','}\n${text}`);
  }

  property(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
    const found = object.properties.find(
      (each) => each.name && this.textOf(each.name).replace(/^'|'$/g, '') === name,
    );
    return found && ts.isPropertyAssignment(found) ? bare(found.initializer) : undefined;
  }

  /** Adds an element before the first one that `isAfter`, or at the end. */
  addElement(
    list: ts.NodeArray<ts.Node>,
    element: string,
    isAfter: (text: string) => boolean = () => false,
  ): void {
    const texts = list.map((each) => this.textOf(each));
    if (texts.includes(element)) return;
    const next = list.find((each) => isAfter(this.textOf(each)));
    if (next) this.insert(next.getStart(this.source), `${element}, `);
    else if (list.hasTrailingComma || list.length === 0) this.insert(list.end, element);
    else this.insert(list.end, `, ${element}`);
  }

  private importOne(from: string, name: string): void {
    const isType = name.startsWith('type ');
    const bareName = name.replace(/^type /, '');
    const clauses = this.importsOf(from);
    const isThere = clauses.some(({ typeOnly, elements }) =>
      elements.some(
        (each) => each.name.text === bareName && (isType || !(typeOnly || each.isTypeOnly)),
      ),
    );
    if (isThere) return;
    const clause =
      clauses.find(({ typeOnly }) => typeOnly && isType) ??
      clauses.find(({ typeOnly }) => !typeOnly);
    if (clause) {
      const orderOf = (text: string): string =>
        `${text.startsWith('type ') ? 1 : 0}${text.replace(/^type /, '').toLowerCase()}`;
      const written = clause.typeOnly ? bareName : name;
      this.addElement(clause.elements, written, (text) => orderOf(text) > orderOf(written));
      return;
    }
    const text = isType
      ? `import type { ${bareName} } from '${from}';\n`
      : `import { ${name} } from '${from}';\n`;
    const imports = this.source.statements.filter(ts.isImportDeclaration);
    const rankOf = (specifier: string): string =>
      `${specifier.startsWith('.') ? 1 : 0}${specifier}`;
    const next = imports.find((each) => rankOf(specifierOf(each)) > rankOf(from));
    const last = imports.at(-1);
    if (next) this.insert(next.getStart(this.source), text);
    else this.insert(last ? last.getEnd() : 0, last ? `\n${text}` : text);
  }

  private importsOf(from: string): readonly {
    readonly typeOnly: boolean;
    readonly elements: ts.NodeArray<ts.ImportSpecifier>;
  }[] {
    return this.source.statements
      .filter(ts.isImportDeclaration)
      .filter((each) => specifierOf(each) === from)
      .flatMap(({ importClause: clause }) =>
        clause?.namedBindings && ts.isNamedImports(clause.namedBindings)
          ? [
              {
                typeOnly: clause.phaseModifier === ts.SyntaxKind.TypeKeyword,
                elements: clause.namedBindings.elements,
              },
            ]
          : [],
      );
  }
}

/** The texts of a list of strings. */
export function stringsIn(list: ts.Expression | undefined): readonly string[] {
  return list && ts.isArrayLiteralExpression(list)
    ? list.elements.filter(ts.isStringLiteral).map(({ text }) => text)
    : [];
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

function specifierOf(declared: ts.ImportDeclaration): string {
  return (declared.moduleSpecifier as ts.StringLiteral).text;
}

/** An expression without `as` and `satisfies`. */
export function bare(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)
    ? bare(expression.expression)
    : expression;
}
