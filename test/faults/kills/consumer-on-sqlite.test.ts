import { isLongRun } from '../../support/how-many'
import { sqlite } from './kill-stage'
import { killsOfConsumer } from './kills-of-consumer'

describe('SQLite: the consumer is killed', () => killsOfConsumer(sqlite, 'producer by confirms'))

// A sample takes each of the two ways on one store.
if (isLongRun)
  describe('SQLite: the consumer is killed over what a spool has sent', () =>
    killsOfConsumer(sqlite, 'producer by its spool'))
