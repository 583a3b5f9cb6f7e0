import type { TransportEvents } from '../../shared/messaging/transport'
import type { Life } from './life'
import type { World } from './world'

/** What a transport tells, as lines of the story; a fault of our own is one that nothing excuses. */
export function quietEvents(world: World, life: Life): TransportEvents {
  return {
    linkChanged: ({ name, state, detail }) => world.tell(`${name}: ${state}, ${detail}`),
    reconnected: (name) => world.tell(`${name} is back`),
    recreated: (object) => world.wrongs.push(`${life.name} made ${object} again, which nobody had deleted`),
    unroutable: (type) => world.tell(`${type} finds no queue`),
    staleSettle: (group) => world.tell(`group ${group}: a settle that came too late`),
    fault: (what, detail) => {
      world.tell(`${life.name}: ${what}: ${detail}`)
      if (detail.includes('fault in a listener')) world.wrongs.push(`${life.name}: ${what}: ${detail}`)
    },
  }
}
