import { runCommand } from '../../../scripts/broker/run-command'

const withEnvironment = process.platform === 'darwin' ? '-axEww' : 'axeww'
const ofNode = /^\s*\d+\s+\S*(beam\.smp|epmd)\s/

/**
 * The servers that were started with this folder in their environment or arguments, as a node's are. Its watch, which
 * sleeps for 20 seconds more when the process above was killed, is none.
 */
export async function processesIn(folder: string): Promise<readonly string[]> {
  const lines = (await runCommand('ps', [withEnvironment, '-o', 'pid=,comm=,command='])).split('\n')
  return lines.filter((line) => ofNode.test(line) && line.includes(folder))
}
