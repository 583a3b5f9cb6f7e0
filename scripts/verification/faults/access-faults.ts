import { tryLogin } from '../../broker/amqp-login'
import type { OwnNode } from '../own-node'
import { closeConnections } from './broker-faults'
import type { Fault } from './fault'
import { seen } from './seen'

const loginWithinMs = 2_000

/** The broker's user may not do anything for a while; its connections are closed, since rights are kept for their time. */
export const permissionsCleared: Fault = async ({ node }) => {
  await node.ctl('clear_permissions', 'guest')
  await shutOut(node)
  return async () => void (await node.ctl('set_permissions', 'guest', '.*', '.*', '.*'))
}

/** Somebody gives the user another password, and takes it back. */
export const loginRefused: Fault = async ({ node }) => {
  await node.ctl('change_password', 'guest', 'another')
  await shutOut(node)
  return async () => void (await node.ctl('change_password', 'guest', 'guest'))
}

/** The virtual host has no room for connections. */
export const connectionsLimited: Fault = async ({ node }) => {
  await node.ctl('set_vhost_limits', '{"max-connections": 0}')
  await shutOut(node)
  return async () => void (await node.ctl('clear_vhost_limits'))
}

async function shutOut(node: OwnNode): Promise<void> {
  await closeConnections(node)
  await seen('the broker still lets its user in', async () => !(await tryLogin(node.url, loginWithinMs)).ok)
}
