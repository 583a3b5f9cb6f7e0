import { groups } from '../../shared/messages/groups'
import { runService } from '../../shared/runtime/run-service'
import { consumerOf } from './app'
import { readConfig } from './config'
import { handlers } from './handlers/all'

void runService(consumerOf({ groups, handlers }), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env, envFile: '.env' }),
})
