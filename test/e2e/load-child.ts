/** A consumer whose handlers depend on what stands at the URL that is given. */
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { runService } from '../../shared/runtime/run-service'
import { groups, handlersFor } from './load-messages'

const [dependency = ''] = process.argv.slice(2)

void runService(consumerOf({ groups, handlers: handlersFor(dependency) }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
