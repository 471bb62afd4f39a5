/**
 * What a bench measures time by, in milliseconds. `wall` is what a user waits. `processor` is the time that the threads of this process took
 * together: it hardly changes when others use the machine, and is the same on one thread that has a core to itself.
 */
export const clocks = {
  wall: (): number => performance.now(),
  processor(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
} as const;

export type ClockName = keyof typeof clocks;
