import { isLongRun } from '../../support/how-many'
import { onPostgres } from '../../support/on-postgres'
import { postgres } from './kill-stage'
import { killsOfConsumer } from './kills-of-consumer'

onPostgres(() =>
  describe('the consumer is killed over what a spool has sent', () =>
    killsOfConsumer(postgres, 'producer by its spool')),
)

// A sample takes each of the two ways on one store.
if (isLongRun)
  onPostgres(() => describe('the consumer is killed', () => killsOfConsumer(postgres, 'producer by confirms')))
