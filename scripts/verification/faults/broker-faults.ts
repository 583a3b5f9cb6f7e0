import { tryLogin } from '../../broker/amqp-login'
import type { OwnNode } from '../own-node'
import type { Fault } from './fault'
import { seen } from './seen'

const loginWithinMs = 2_000
const moreBytesThanAnyDisk = '1000000000000000'

export const brokerKilled: Fault = async ({ node }) => {
  await node.kill()
  return () => node.start()
}

/** In order, as for an upgrade. */
export const brokerRestarted: Fault = async ({ node }) => {
  await node.stop()
  return () => node.start()
}

/** Its connections stay open and silent. */
export const brokerFrozen: Fault = ({ node }) => {
  node.pause()
  return Promise.resolve(() => node.resume())
}

/** RabbitMQ ends within its virtual machine, which lives on. */
export const brokerAppStopped: Fault = async ({ node }) => {
  await node.ctl('stop_app')
  return async () => void (await node.ctl('start_app'))
}

/** As for maintenance: every client is sent away, and no door is open. */
export const brokerDrained: Fault = async ({ node }) => {
  await node.ctl('suspend_listeners')
  await closeConnections(node)
  await seen('the broker still lets clients in', async () => !(await tryLogin(node.url, loginWithinMs)).ok)
  return async () => void (await node.ctl('resume_listeners'))
}

/** A person, or a script, closes each connection at the broker. */
export const connectionsClosed: Fault = async ({ node, paths }) => {
  const before = paths.map((path) => path.tried())
  await closeConnections(node)
  return () =>
    seen('not both services connected again', () => paths.every((path, at) => path.tried() > (before[at] ?? 0)))
}

/** The broker takes nothing from publishers. */
export const memoryAlarm: Fault = async ({ node }) => {
  const watermark = await node.ctl('eval', 'vm_memory_monitor:get_vm_memory_high_watermark().')
  await node.ctl('set_vm_memory_high_watermark', '0.000001')
  await seen('no memory alarm', () => hasAlarm(node, 'memory'))
  return async () => void (await node.ctl('set_vm_memory_high_watermark', watermark))
}

/** As a memory alarm, and it stays until there is room. */
export const diskAlarm: Fault = async ({ node }) => {
  const limit = await node.ctl('eval', 'rabbit_disk_monitor:get_disk_free_limit().')
  await node.ctl('set_disk_free_limit', moreBytesThanAnyDisk)
  await seen('no disk alarm', () => hasAlarm(node, 'disk'))
  return async () => void (await node.ctl('set_disk_free_limit', limit))
}

export async function closeConnections(node: Pick<OwnNode, 'ctl'>): Promise<void> {
  await node.ctl('close_all_connections', 'closed by hand')
}

async function hasAlarm(node: OwnNode, resource: 'memory' | 'disk'): Promise<boolean> {
  return (await node.ctl('eval', 'rabbit_alarm:get_alarms().')).includes(`resource_limit,${resource}`)
}
