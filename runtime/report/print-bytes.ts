const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `812 MiB`: three digits at most, binary units. */
export function printBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount >= 100 || unit === 0 ? Math.round(amount) : Number(amount.toPrecision(3))} ${units[unit]}`;
}
