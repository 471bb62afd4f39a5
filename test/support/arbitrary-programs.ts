/** Random programs in the subset of architecture files, as text: numbers, lists, functions, loops, patterns. They always end. */
import fc from 'fast-check';

type Text = fc.Arbitrary<string>;

/** Fills the holes of a template: `of('($ + $)', number, number)`. */
function of(template: string, ...parts: Text[]): Text {
  return fc.tuple(...parts).map(texts => {
    const rest = [...texts];
    return template.replaceAll('$', () => rest.shift() ?? '');
  });
}

const variable = fc.constantFrom('a', 'b', 'c');
const small = fc.integer({ min: 0, max: 3 }).map(String);

const { number, condition, list } = fc.letrec<{ number: string; condition: string; list: string }>(tie => ({
  number: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'expression' },
    fc.oneof(
      small,
      variable,
      fc.constantFrom('0.5', '7', '1e3', 'object.p', 'object.q.r', 'list.length', "'text'.length"),
    ),
    of('($ $ $)', tie('number'), fc.constantFrom('+', '-', '*', '/', '%', '**'), tie('number')),
    of('(-$)', tie('number')),
    of('($ ? $ : $)', tie('condition'), tie('number'), tie('number')),
    of('($ && $)', tie('number'), tie('number')),
    of('($ || $)', tie('number'), tie('number')),
    of('(undefined ?? $)', tie('number')),
    of('Math.$($)', fc.constantFrom('floor', 'ceil', 'abs', 'round', 'sign', 'trunc'), tie('number')),
    of('Math.$($, $)', fc.constantFrom('max', 'min'), tie('number'), tie('number')),
    of('double($)', tie('number')),
    of('scale($)', tie('number')),
    of('scale($, $)', tie('number'), tie('number')),
    of('total(...$, $)', tie('list'), tie('number')),
    of('pick({ p: $, ...object })', tie('number')),
    of('($ $ $)', variable, fc.constantFrom('=', '+=', '-=', '*='), tie('number')),
    variable.map(name => `(${name}++)`),
    variable.map(name => `(--${name})`),
    of('$[$]', tie('list'), small),
    of('($[$] ?? $)', tie('list'), small, tie('number')),
    of('$.reduce((p, q) => p + q, $)', tie('list'), tie('number')),
    of('$.indexOf($)', tie('list'), tie('number')),
    of('object[`$`]', fc.constantFrom('p', 'q')).map(text => `(${text}?.r ?? object.p)`),
    of('(typeof $).length', tie('number')),
  ),
  condition: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'expression' },
    fc.constantFrom('true', 'false'),
    of('($ $ $)', tie('number'), fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), tie('number')),
    of('!$', tie('condition')),
    of('($ && $)', tie('condition'), tie('condition')),
    of('$.includes($)', tie('list'), tie('number')),
  ),
  list: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'expression' },
    fc.constant('list'),
    of('[$, $]', tie('number'), tie('number')),
    of('[$, ...$]', tie('number'), tie('list')),
    of('$.map((item, index) => item + index * $)', tie('list'), small),
    of('$.filter(item => item > $)', tie('list'), small),
    of('$.slice($)', tie('list'), small),
    of('$.concat($)', tie('list'), tie('list')),
    of('Array.from({ length: $ }, (_, index) => index)', small),
  ),
}));

const { statement } = fc.letrec<{ statement: string }>(tie => ({
  statement: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'statement' },
    of('$ = $;', variable, number),
    of('$ $ $;', variable, fc.constantFrom('+=', '-=', '*=', '/=', '%='), number),
    variable.map(name => `${name}++;`),
    of('if ($) { $ } else { $ }', condition, tie('statement'), tie('statement')),
    of('for (let i = 0; i < $; i++) { $ if ($) continue; $ }', small, tie('statement'), condition, tie('statement')),
    of('for (const item of $) { a = item; $ if ($) break; }', list, tie('statement'), condition),
    of('for (const [index, item] of $.entries()) { b = index + item; $ }', list, tie('statement')),
    fc.constant('[a, b] = [b, a];'),
    of('[a, b = $, ...list] = $;', number, list),
    of('({ p: a, s: b = $ } = object);', number),
    of('{ const { p, s = $, ...rest } = object; c = p + s + rest.q.r; }', number),
    of('{ let a = $; $ c = a; }', number, tie('statement')),
    of('list = $;', list),
    number.map(value => `if (list.length < 20) list.push(${value});`),
    of('if (list.length > 0) list[0] = $;', number),
    of('object.p = $;', number),
    of('object = { ...object, p: $ };', number),
    of('c = ((x, y = x) => { if ($) return x; $ return y; })($);', condition, tie('statement'), number),
    of(
      '{ const made = []; for (let i = 0; i < 3; i++) made.push(() => i); c = made[$](); }',
      fc.constantFrom('0', '1', '2'),
    ),
  ),
}));

/** Statements over `a`, `b`, `c`, `list` and `object`. */
export const statements: Text = fc.array(statement, { minLength: 1, maxLength: 6 }).map(lines => lines.join('\n'));

export const programStart = `let a = 1; let b = 2; let c = 0.5;
let list = [3, 1, 4];
let object = { p: 2, q: { r: 5 } };
function double(n) { return n * 2; }
const scale = (n, by = n + 1) => n * by;
const total = (...numbers) => { let sum = 0; for (const n of numbers) sum += n; return sum; };
const pick = ({ p, q: { r } = { r: 0 } }) => p - r;
`;

/** What a program has computed, as a list of numbers. */
export const programResult = '[a, b, c, object.p, object.q.r, list.length, ...list]';
