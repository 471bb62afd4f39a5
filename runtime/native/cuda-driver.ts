/** Whether a GPU of NVIDIA can be computed with, before any library is loaded that would look for one. */
import { existsSync } from 'node:fs';

/** What makes a device known to programs; the second is Windows' subsystem for Linux. */
const devices = ['/dev/nvidiactl', '/dev/dxg'];

/** True also where it cannot be known: on other systems than Linux. */
export function cudaDriverAnswers(platform: string = process.platform): boolean {
  return platform !== 'linux' || (devices.some(device => existsSync(device)) && opens('libcuda.so.1'));
}

/** Node loads any library, and then complains that it is no addon: the words tell a library that is there from one that is not. */
function opens(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register');
  }
  return true;
}
