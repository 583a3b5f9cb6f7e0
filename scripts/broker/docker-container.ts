import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { runCommand } from './run-command'

/** The name of a folder's broker container, and of the volume with its data. */
export function containerNameFor(directory: string): string {
  return `handoff-broker-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 8)}`
}

/** Whether the container runs; false as well where there is no Docker engine. */
export async function isRunning(name: string): Promise<boolean> {
  const state = await runCommand('docker', ['inspect', '--format', '{{.State.Running}}', name]).catch(() => 'none')
  return state === 'true'
}

/** Ends and removes the container; its volume stays. Stopped before, so that the broker can close its files. */
export async function removeContainer(name: string): Promise<void> {
  await runCommand('docker', ['stop', '-t', '30', name]).catch(() => {})
  await runCommand('docker', ['rm', '--force', name]).catch((error: Error) => {
    if (!/no such container/i.test(error.message)) throw error
  })
}

/** Removes the volume with all that the broker kept; answers whether there was one. */
export async function removeVolume(name: string): Promise<boolean> {
  const found = await runCommand('docker', ['volume', 'ls', '--quiet', '--filter', `name=^${name}$`]).catch(() => '')
  if (found === '') return false
  await removeContainer(name)
  await runCommand('docker', ['volume', 'rm', name])
  return true
}
