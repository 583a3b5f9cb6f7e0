import { onPostgres } from '../../support/on-postgres'
import { postgres } from './kill-stage'
import { killsOfProducer } from './kills-of-producer'

onPostgres(() => describe('the producer is killed', () => killsOfProducer(postgres)))
