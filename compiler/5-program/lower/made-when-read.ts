/** A map whose values are made when they are first asked for. */

/** `make` gives nothing for a key that the map does not have by itself; such keys can be set. */
export function madeWhenRead<Key, Value>(make: (key: Key) => Value | undefined): Map<Key, Value> {
  return new (class extends Map<Key, Value> {
    override get(key: Key): Value | undefined {
      const known = super.get(key);
      if (known !== undefined) return known;
      const made = make(key);
      if (made !== undefined) super.set(key, made);
      return made;
    }

    override has(key: Key): boolean {
      return this.get(key) !== undefined;
    }
  })();
}
