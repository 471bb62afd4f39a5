import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNetwork, readTexts } from '../../support/read-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'dualc-hash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const block = "import { relu, type Layer } from 'dualc';\nexport const block = (x: Layer): Layer => relu(x);\n";
const main = `import { dense, input, linf, network } from 'dualc';
import { block } from './block.arch.ts';
const x = input([4]);
export default network({ input: x, output: dense(block(x), { units: 2 }), ball: linf({ epsilon: 0.1 }) });
`;

const hashOf = (texts: Readonly<Record<string, string>>): string | undefined => readTexts(texts).graph?.sourceHash;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the hash of an architecture', () => {
  const expected = hashOf({ 'main.arch.ts': main, 'block.arch.ts': block });

  it('is SHA-256, of the file alone when it imports no other', () => {
    const alone = block.replace('./block', 'dualc');
    const text = `${alone}import { dense, input, linf, network } from 'dualc';\nconst x = input([4]);\nexport default network({ input: x, output: dense(block(x), { units: 2 }), ball: linf({ epsilon: 0.1 }) });\n`;
    expect(hashOf({ 'a.arch.ts': text })).toBe(sha256(text));
  });

  it('does not depend on line breaks or a byte order mark', () => {
    const crlf = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    mkdirSync(join(folder, 'crlf'));
    writeFileSync(join(folder, 'crlf/main.arch.ts'), crlf(main));
    writeFileSync(join(folder, 'crlf/block.arch.ts'), crlf(block));
    const { graph, diagnostics } = readNetwork('main.arch.ts', { folder: join(folder, 'crlf') });
    expect(diagnostics).toEqual([]);
    expect(graph?.sourceHash).toBe(expected);
  });

  it('does not depend on where the files lie; what is shown does', () => {
    mkdirSync(join(folder, 'deep/inside'), { recursive: true });
    writeFileSync(join(folder, 'deep/inside/main.arch.ts'), main);
    writeFileSync(join(folder, 'deep/inside/block.arch.ts'), block);
    const { graph } = readNetwork('deep/inside/main.arch.ts', { folder });
    expect(graph?.sourceHash).toBe(expected);
    expect(graph?.source).toBe('deep/inside/main.arch.ts');
    expect(graph?.layers[1]?.span.file).toBe('deep/inside/block.arch.ts');
  });

  it('changes with either file', () => {
    expect(hashOf({ 'main.arch.ts': `${main} `, 'block.arch.ts': block })).not.toBe(expected);
    expect(hashOf({ 'main.arch.ts': main, 'block.arch.ts': `${block} ` })).not.toBe(expected);
  });
});
