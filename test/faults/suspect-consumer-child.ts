/** A consumer with handlers that can kill it. */
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { runService } from '../../shared/runtime/run-service'
import { groups, handlers } from './suspect-messages'

void runService(consumerOf({ groups, handlers }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
