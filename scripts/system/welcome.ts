import type { Service } from './service'
import type { SystemSettings } from './settings'

/** What a person sees when everything is ready: where it is, and three commands to try. */
export function welcome(services: readonly Service[], broker: string, settings: SystemSettings): string {
  const at = (name: Service['name']) => services.find((service) => service.name === name)?.url ?? ''
  const key = settings.API_KEYS ? " -H 'authorization: Bearer YOUR-KEY'" : ''
  const order = '{"orderId":"A-1001","customerEmail":"ada@example.com","amountCents":4200,"currency":"EUR"}'
  return `
  Console   ${at('console')}       open this one: what is sent, where it is, what failed
  Producer  ${at('producer')}       its API: ${at('producer')}/docs
  Consumer  ${at('consumer')}       its metrics: ${at('consumer')}/metrics
  Broker    ${broker}

  Try, in another terminal, and watch each message being processed here:

    curl${key} -H 'content-type: text/plain' -d 'Hello World!' ${at('producer')}/messages/hello
    curl${key} -H 'content-type: application/json' -d '${order}' ${at('producer')}/messages/order.placed
    curl -s ${at('consumer')}/metrics | grep handoff_processed_total

  Ctrl-C stops everything.

`
}
