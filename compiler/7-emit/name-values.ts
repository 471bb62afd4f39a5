/** What a value is called: the layer it belongs to, unless that is the function's own, and its role. */
import { capitalizedName, safeIdentifier } from './safe-identifier.ts';
import { type Code, code } from './safe-text.ts';

/** Roles that say themselves which layer they are about. */
const standsAlone = /^(dual of|norm from|norm at) /;

/** `title` is the section or part that the function stands for; `layers` are the names of layers that a role may begin with. */
export function wantedName(role: string, layer: string | null, title: string, layers: ReadonlySet<string>): Code {
  const ownLayer = title.replace(/^(gradient:|bounds:)*/, '').replace(/^.* (of|from) /, '');
  const [first = '', ...rest] = role.split(' ');
  if (layers.has(first) && rest.length > 0) return safeIdentifier(first === ownLayer ? rest.join(' ') : role);
  const name = safeIdentifier(role);
  if (layer === null || layer === ownLayer || standsAlone.test(role)) return name;
  return code`${safeIdentifier(layer)}${capitalizedName(name)}`;
}
