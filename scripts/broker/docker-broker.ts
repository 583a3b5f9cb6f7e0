import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { tryLogin } from './amqp-login'
import { dockerAnswers } from './docker-engine'
import type { Search, Way } from './found-broker'
import { runCommand } from './run-command'
import { until } from './until'

const image = 'rabbitmq:4-management'
const pullWithinMs = 10 * 60_000
const startWithinMs = 120_000

/**
 * RabbitMQ in a container on a free port of 127.0.0.1. Its data lives in a named volume that belongs to the folder of
 * the search, so that it survives the container; a container that still runs from before is used again.
 */
export async function dockerBroker({ directory, say }: Search): Promise<Way> {
  if (!(await dockerAnswers())) return { why: 'no Docker engine answers' }
  const name = `handoff-broker-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 8)}`
  try {
    if (!(await isRunning(name))) await run(name, say)
    const { url, version } = await answering(name)
    return { broker: { url, how: `RabbitMQ ${version} in the container ${name}`, stop: () => remove(name) } }
  } catch (error) {
    await remove(name).catch(() => {})
    return { why: `${image} did not start in Docker: ${(error as Error).message}` }
  }
}

async function run(name: string, say: Search['say']): Promise<void> {
  await remove(name)
  if (!(await hasImage())) {
    say(`downloading ${image} with Docker; this happens once and may take minutes`)
    await runCommand('docker', ['pull', '--quiet', image], { timeoutMs: pullWithinMs })
  }
  say(`starting ${image} in Docker`)
  // The node's name is part of where the data lies: with another host name it would not find it again.
  const identity = ['--name', name, '--hostname', 'handoff-broker', '--label', 'handoff=broker']
  const place = ['--publish', '127.0.0.1::5672', '--volume', `${name}:/var/lib/rabbitmq`]
  await runCommand('docker', ['run', '--detach', ...identity, ...place, image])
}

async function answering(name: string): Promise<{ url: string; version: string }> {
  // Before the broker listens, Docker's own door takes the connection and drops it: only a login tells.
  return until(`a login at the broker in ${name}`, startWithinMs, async () => {
    if (!(await isRunning(name))) throw new Error(`it ended early; docker logs ${name} said: ${await lastLog(name)}`)
    const [door] = (await runCommand('docker', ['port', name, '5672/tcp'])).split('\n')
    const url = `amqp://guest:guest@${door}`
    const result = await tryLogin(url, 2_000)
    return result.ok && { url, version: result.version }
  })
}

async function isRunning(name: string): Promise<boolean> {
  const state = await runCommand('docker', ['inspect', '--format', '{{.State.Running}}', name]).catch(() => 'none')
  return state === 'true'
}

async function hasImage(): Promise<boolean> {
  const found = await runCommand('docker', ['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => '')
  return found !== ''
}

async function lastLog(name: string): Promise<string> {
  return runCommand('docker', ['logs', '--tail', '3', name]).catch(() => 'nothing')
}

// Stopped before it is removed, so that the broker can close its files.
async function remove(name: string): Promise<void> {
  await runCommand('docker', ['stop', '-t', '30', name]).catch(() => {})
  await runCommand('docker', ['rm', '--force', name]).catch((error: Error) => {
    if (!/no such container/i.test(error.message)) throw error
  })
}
