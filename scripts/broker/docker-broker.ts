import { tryLogin } from './amqp-login'
import { containerNameFor, isRunning, removeContainer } from './docker-container'
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
  const name = containerNameFor(directory)
  try {
    if (!(await isRunning(name))) await run(name, say)
    const { url, version } = await answering(name)
    const ctl = ['docker', 'exec', name, 'rabbitmqctl', '--quiet']
    const how = `RabbitMQ ${version} in the container ${name}`
    return { broker: { url, how, ctl, stop: () => removeContainer(name) } }
  } catch (error) {
    await removeContainer(name).catch(() => {})
    return { why: `${image} did not start in Docker: ${(error as Error).message}` }
  }
}

async function run(name: string, say: Search['say']): Promise<void> {
  await removeContainer(name)
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

async function hasImage(): Promise<boolean> {
  const found = await runCommand('docker', ['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => '')
  return found !== ''
}

async function lastLog(name: string): Promise<string> {
  return runCommand('docker', ['logs', '--tail', '3', name]).catch(() => 'nothing')
}
