/** Reads one line of a program's text from left to right and knows where it stands. */

/** A program's text that does not follow the grammar of `print-program.ts`. Line and column start at 1. */
export class ProgramSyntaxError extends Error {
  override readonly name = 'ProgramSyntaxError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${message}`);
    this.line = line;
    this.column = column;
  }
}

export interface LineScanner {
  /** The text that `pattern` matches here, after blanks; null, and no step, when it does not. */
  accept(pattern: RegExp): string | null;
  /** As `accept`, but it has to be there: `what` says what was expected. */
  expect(pattern: RegExp, what: string): string;
  /** Items between brackets, divided by commas; the opening one has been read. */
  list<T>(close: RegExp, item: () => T): T[];
  /** A quoted or a bare name. */
  name(what: string): string;
  /** Refuses what was read last. */
  refuse(message: string): never;
  /** Nothing may follow. */
  end(): void;
}

export function scanLine(text: string, line: number): LineScanner {
  let position = 0;
  let lastStart = 0;
  const skipBlanks = (): void => {
    while (text[position] === ' ' || text[position] === '\t') position++;
  };
  const fail = (message: string, at: number): never => {
    throw new ProgramSyntaxError(message, line, at + 1);
  };
  const rest = (): string =>
    position < text.length ? `'${text.slice(position, position + 20)}'` : 'the end of the line';

  const scanner: LineScanner = {
    accept(pattern) {
      skipBlanks();
      const sticky = new RegExp(pattern.source, 'y');
      sticky.lastIndex = position;
      const match = sticky.exec(text);
      if (match === null) return null;
      lastStart = position;
      position = sticky.lastIndex;
      return match[0];
    },
    expect(pattern, what) {
      return scanner.accept(pattern) ?? fail(`expected ${what}, found ${rest()}`, position);
    },
    list(close, item) {
      if (scanner.accept(close) !== null) return [];
      const items = [item()];
      while (scanner.accept(/,/) !== null) items.push(item());
      scanner.expect(close, 'a comma or the closing bracket');
      return items;
    },
    name(what) {
      const token = scanner.expect(/"(?:[^"\\]|\\.)*"|[\w.:]+/, what);
      return token.startsWith('"') ? unquote(token, scanner) : token;
    },
    refuse: message => fail(message, lastStart),
    end() {
      skipBlanks();
      if (position < text.length) fail(`expected the end of the line, found ${rest()}`, position);
    },
  };
  return scanner;
}

export function unquote(token: string, scanner: LineScanner): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return scanner.refuse(`${token} is not a quoted text`);
  }
}
