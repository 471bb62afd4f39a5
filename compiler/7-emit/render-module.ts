/** The view → text, by the Handlebars templates. Templates only print; a field they miss is an error. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { ModuleView } from './view-model.ts';

const templates = findTemplates();

function findTemplates(): URL {
  // Beside `compiler/` in the repository, one level up from it in the published `dist/`.
  const near = new URL('../../templates/', import.meta.url);
  return near.pathname.includes('/dist/templates/') ? new URL('../../../templates/', import.meta.url) : near;
}

const compileTemplate = (name: string): HandlebarsTemplateDelegate =>
  Handlebars.compile(readFileSync(new URL(`${name}.hbs`, templates), 'utf8'), { noEscape: true, strict: true });

let rendered: HandlebarsTemplateDelegate | undefined;

export function renderModule(view: ModuleView): string {
  rendered ??= compileTemplate('module');
  const partials = { function: compileTemplate('function'), driver: compileTemplate('driver') };
  return rendered(view, { partials }).replace(/\n{3,}/g, '\n\n');
}
