/** A producer that knows no group for payments: nobody binds a queue for them, however often the topology is declared. */
import { groups } from '../../shared/messages/groups'
import { runService } from '../../shared/runtime/run-service'
import { startProducer } from '../../services/producer/app'
import { readProducerConfig } from '../../services/producer/config'

groups.splice(
  groups.findIndex(({ name }) => name === 'payments'),
  1,
)

void runService(startProducer, { name: 'producer', settings: () => readProducerConfig({ environment: process.env }) })
