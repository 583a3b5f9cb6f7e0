/** A consumer of an example's domain, as services/consumer/main.ts is one of the project's own. */
import { consumerOf } from '../services/consumer/app'
import { readConfig } from '../services/consumer/config'
import { runService } from '../shared/runtime/run-service'
import { knownOf } from './known'

const domain = knownOf(process.argv.slice(2))

void runService(consumerOf(domain), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }, domain.groups),
})
