import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedSets, placesOf } from '../../../runtime/data/named-places.ts';
import type { Environment } from '../../../runtime/files/cache-folder.ts';

const places = (env: Environment): string[] => placesOf(namedSets['fashion-mnist']!, undefined, env);

describe('the places of a dataset', () => {
  it('are those where Debian and others install it, when nothing else is said', () => {
    const usual = places({ HOME: '/home/me' });
    expect(usual).toEqual([
      'data/fashion-mnist',
      'data/FashionMNIST',
      '/home/me/.cache/dualc/fashion-mnist',
      '/home/me/.cache/dualc/FashionMNIST',
      '/usr/local/share/datasets/fashion-mnist',
      '/usr/local/share/datasets/FashionMNIST',
      '/usr/share/datasets/fashion-mnist',
      '/usr/share/datasets/FashionMNIST',
    ]);
    expect(places({ HOME: '/home/me', XDG_CACHE_HOME: '', XDG_DATA_DIRS: '' })).toEqual(usual);
  });

  it('follow XDG_DATA_DIRS and XDG_CACHE_HOME, whose relative paths mean nothing', () => {
    const env = { XDG_CACHE_HOME: '/cache', XDG_DATA_DIRS: ['/opt/share', 'share', '/srv'].join(path.delimiter) };
    expect(places(env).filter(place => place.endsWith('fashion-mnist'))).toEqual([
      'data/fashion-mnist',
      '/cache/dualc/fashion-mnist',
      '/opt/share/datasets/fashion-mnist',
      '/srv/datasets/fashion-mnist',
    ]);
  });

  it('are none of this machine while tests run: what is installed here changes no result', () => {
    const absolute = places(process.env).filter(path.isAbsolute);
    expect(absolute.length).toBeGreaterThan(0);
    for (const place of absolute) expect(place).toMatch(/^\/nonexistent\//);
  });
});
