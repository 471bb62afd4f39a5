/** An option that is given twice, of which only the last would count: refused by name. */
import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

const repeatable = new WeakSet<object>();

/** Marks an option that collects what it is given. */
export function mayRepeat<Opt extends object>(option: Opt): Opt {
  repeatable.add(option);
  return option;
}

/** Makes a command refuse, with exit code 2, options that are given twice, and an option together with its negation. */
export function refuseRepeatedOptions(command: CommandUnknownOpts): void {
  const given = new Map<string, string>();
  for (const option of command.options as readonly Option[]) {
    if (repeatable.has(option)) continue;
    const shown = option.long ?? option.flags;
    // `--no-box` decides the same as `--box`.
    const decides = option.attributeName();
    command.on(`option:${option.name()}`, () => {
      const earlier = given.get(decides);
      if (earlier === shown) command.error(`error: option '${shown}' is given twice: give it once`, { exitCode: 2 });
      if (earlier !== undefined)
        command.error(`error: options '${earlier}' and '${shown}' contradict each other: give one of them`, {
          exitCode: 2,
        });
      given.set(decides, shown);
    });
  }
}
