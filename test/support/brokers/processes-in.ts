import { runCommand } from '../../../scripts/broker/run-command'

const withEnvironment = process.platform === 'darwin' ? '-axEww' : 'axeww'

/** The processes that were started with this folder in their environment or arguments, as all of a node's are. */
export async function processesIn(folder: string): Promise<readonly string[]> {
  const lines = (await runCommand('ps', [withEnvironment, '-o', 'pid=,command='])).split('\n')
  return lines.filter((line) => line.includes(folder))
}
