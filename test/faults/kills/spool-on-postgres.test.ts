import { onPostgres } from '../../support/on-postgres'
import { postgres } from './kill-stage'
import { killsWithSpool } from './kills-with-spool'

onPostgres(() => describe('the producer is killed with a spool', () => killsWithSpool(postgres)))
