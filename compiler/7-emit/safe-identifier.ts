/** Names in the emitted code. */
const reserved: ReadonlySet<string> = new Set(
  `arguments await batch break case catch class const continue debugger default delete do else enum epsilon eval export extends
   false finally for function if implements import in instanceof interface key labels let meta model new null package params private
   protected public return static super switch this throw true try tf type typeof undefined var void while with x yield start`.split(
    /\s+/,
  ),
);

/** `'gradient of the slope'` → `gradientOfTheSlope`; never a reserved word or a name the templates use. */
export function safeIdentifier(words: string): string {
  const parts = words.split(/[^A-Za-z0-9]+/).filter(part => part !== '');
  const [first = 'value', ...rest] = parts;
  const name = first.charAt(0).toLowerCase() + first.slice(1) + rest.map(capitalized).join('');
  const legal = /^[0-9]/.test(name) ? `_${name}` : name;
  return reserved.has(legal) ? `${legal}_` : legal;
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
