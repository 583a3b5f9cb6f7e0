/** A producer of an example's domain, as services/producer/main.ts is one of the project's own. */
import { producerOf } from '../services/producer/app'
import { readProducerConfig } from '../services/producer/config'
import { runService } from '../shared/runtime/run-service'
import { knownOf } from './known'

void runService(producerOf(knownOf(process.argv.slice(2))), {
  name: 'producer',
  settings: () => readProducerConfig({ environment: process.env }),
})
