/** A service of the next version, in which an order may bear a note; the built ones do not know that property. */
import { Type } from 'typebox'
import { groups } from '../../shared/messages/groups'
import { orderPlaced } from '../../shared/messages/order-placed'
import { runService } from '../../shared/runtime/run-service'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handlers } from '../../services/consumer/handlers/all'
import { startProducer } from '../../services/producer/app'
import { readProducerConfig } from '../../services/producer/config'

Object.assign(orderPlaced.schema.properties, { note: Type.Optional(Type.String({ maxLength: 200 })) })

const environment = process.env
if (process.argv[2] === 'producer')
  void runService(startProducer, { name: 'producer', settings: () => readProducerConfig({ environment }) })
else
  void runService(consumerOf({ groups, handlers }), { name: 'consumer', settings: () => readConfig({ environment }) })
