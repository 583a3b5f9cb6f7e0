import { consoleHost } from '../../shared/runtime/open-door'
import { freePorts } from '../broker/free-ports'
import type { SystemSettings } from './settings'

/** One of our services as the supervisor sees it. */
export interface Service {
  readonly name: 'producer' | 'consumer' | 'console'
  readonly portSetting: 'PRODUCER_PORT' | 'CONSUMER_PORT' | 'CONSOLE_PORT'
  readonly port: number
  /** The address it binds. */
  readonly host: string
  /** Where a person on this machine reaches it, without a slash at the end. */
  readonly url: string
}

export async function servicesIn(settings: SystemSettings): Promise<readonly Service[]> {
  return Promise.all([
    serviceIn(settings, { name: 'producer', portSetting: 'PRODUCER_PORT', host: settings.HOST }),
    serviceIn(settings, { name: 'consumer', portSetting: 'CONSUMER_PORT', host: settings.HOST }),
    serviceIn(settings, { name: 'console', portSetting: 'CONSOLE_PORT', host: consoleHost(settings) }),
  ])
}

async function serviceIn(
  settings: SystemSettings,
  { name, portSetting, host }: Pick<Service, 'name' | 'portSetting' | 'host'>,
): Promise<Service> {
  // Port 0 stands for any free one; the supervisor must know which, so it is chosen here.
  const port = settings[portSetting] || ((await freePorts(1))[0] ?? 0)
  return { name, portSetting, port, host, url: `http://${reachable(host)}:${port}` }
}

/** "Every address" is an address to bind, not one to call; an IPv6 address stands in brackets in a URL. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
