/** What a value is called: the layer it belongs to, unless that is the function's own, and its role. */
import { capitalizedName, safeIdentifier } from './safe-identifier.ts';
import { type Code, code } from './safe-text.ts';

/** Roles that say themselves which layer they are about. */
const standsAlone = /^(dual of|norm from|norm at) /;

/** `title` is the section or part that the function stands for; `isLayer` knows the names of layers that a role may begin with. */
export function wantedName(
  role: string,
  layer: string | null,
  title: string,
  isLayer: (name: string) => boolean,
): Code {
  const ownLayer = title.replace(/^(gradient:|bounds:)*/, '').replace(/^.* (of|from) /, '');
  const [first = '', ...rest] = role.split(' ');
  if (isLayer(first) && rest.length > 0) return safeIdentifier(first === ownLayer ? rest.join(' ') : role);
  const name = safeIdentifier(role);
  if (layer === null || layer === ownLayer || standsAlone.test(role)) return name;
  return code`${safeIdentifier(layer)}${capitalizedName(name)}`;
}
