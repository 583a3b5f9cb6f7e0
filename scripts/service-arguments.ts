/**
 * What Node is given for a service. A young generation of 16 MiB twice: by itself it grows to four times that under
 * load, and a service to half as much memory again, for no measurable gain (docs/performance.md).
 */
export const serviceArguments: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=16']
