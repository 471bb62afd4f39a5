/** The excerpts in compiler/README.md are lines of a real dump. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { compileArchitecture } from '../../compiler/compile.ts';
import { recordingTrace } from '../../compiler/shared/trace.ts';

const trace = recordingTrace();
compileArchitecture('examples/two-moons.arch.ts', { requests: parseBoundsRequest('train:exact') }, trace);
const forms = new Map([
  ...trace.snapshots,
  ['two-moons.arch.ts', readFileSync('examples/two-moons.arch.ts', 'utf8')] as const,
]);
const readme = readFileSync('compiler/README.md', 'utf8');
const excerpts = [...readme.matchAll(/^```text (\S+)\n(.*?)^```$/gms)].map(([, form, text]) => ({
  form: form ?? '',
  text: text ?? '',
}));

describe('the tour of the compiler', () => {
  it('has excerpts of every stage', () => {
    const stages = excerpts.map(({ form }) => form.slice(0, 2));
    for (const stage of ['10', '20', '30', '40', '50', '60', '80']) expect(stages).toContain(stage);
  });

  it.each(excerpts)('shows what $form says', ({ form, text }) => {
    expect(forms.get(form)).toContain(text);
  });
});
