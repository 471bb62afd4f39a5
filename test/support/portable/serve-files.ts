/** A web server for a few files of this machine. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

export interface FileServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): void;
}

/** `/NAME/FILE` is FILE of the folder under that name; `/` is an empty page. */
export async function serveFiles(folders: Readonly<Record<string, string>>): Promise<FileServer> {
  const server: Server = createServer((request, response) => {
    const [, name = '', file = '', ...more] = (request.url ?? '').split('/');
    const path = folders[name] === undefined ? '' : join(folders[name], file);
    if (name === '')
      return void response.setHeader('content-type', 'text/html').end('<!doctype html><title>dualc</title>');
    if (more.length > 0 || file.startsWith('.') || !existsSync(path)) return void response.writeHead(404).end();
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(path).pipe(response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
