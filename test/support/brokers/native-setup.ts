import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRabbitmqServer } from '../../../scripts/broker/find-rabbitmq-server'
import { installRabbitmq, whyNotInstallable } from '../../../scripts/broker/install-rabbitmq'
import { startPrivateNode } from '../../../scripts/broker/private-node'
import { announce } from './running-brokers'
import { endLater } from './to-end'

/** One private node for the whole run, before the first test file of a native project. */
export default async function startNative(): Promise<void> {
  if (findRabbitmqServer() === undefined && whyNotInstallable() === undefined) await installRabbitmq(console.log)
  const directory = await mkdtemp(join(tmpdir(), 'handoff-test-'))
  endLater('native', () => rm(directory, { recursive: true, force: true }))
  const node = await startPrivateNode({ directory, management: 'on' })
  endLater('native', () => node.stop())
  if (node.managementUrl === undefined) throw new Error('the private node has no management API')
  announce('native', { url: node.url, managementUrl: node.managementUrl })
}
