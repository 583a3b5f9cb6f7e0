import { existsSync, globSync } from 'node:fs'
import { findOnPath, findRabbitmqServer } from '../broker/find-rabbitmq-server'
import { findChromium } from './find-chromium'

/** A program of this machine that some tests need. */
export interface Tool {
  /** The Debian package that holds it. */
  readonly debianPackage: string
  readonly neededFor: string
  readonly isHere: () => boolean
}

export const tools: readonly Tool[] = [
  {
    debianPackage: 'rabbitmq-server',
    neededFor: 'the private broker that the tests start',
    isHere: () => findRabbitmqServer() !== undefined,
  },
  {
    debianPackage: 'amqp-tools',
    neededFor: 'the tests with a foreign client',
    isHere: () => findOnPath('amqp-publish') !== undefined,
  },
  {
    debianPackage: 'postgresql',
    neededFor: 'the tests of the PostgreSQL store',
    isHere: () => findOnPath('initdb') !== undefined || globSync('/usr/lib/postgresql/*/bin/initdb').length > 0,
  },
  {
    debianPackage: 'python3-pika',
    neededFor: 'the test of the example in another language',
    isHere: () => existsSync('/usr/lib/python3/dist-packages/pika'),
  },
  {
    debianPackage: 'chromium-headless-shell',
    neededFor: 'the tests that look at the console in a browser',
    isHere: () => findChromium() !== undefined,
  },
  {
    debianPackage: 'prometheus',
    neededFor: 'the tests of alerts and dashboards',
    isHere: () => ['promtool', 'prometheus'].every((command) => findOnPath(command) !== undefined),
  },
]
