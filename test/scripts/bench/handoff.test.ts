import { join } from 'node:path'
import { argumentsIn } from '../../../scripts/bench/handoff'
import { serviceArguments } from '../../../scripts/service-arguments'

test.each(['producer', 'consumer'] as const)(
  'the %s is measured with the arguments that it is started with',
  (service) => {
    expect(argumentsIn(join(__dirname, '..', '..', '..'), service)).toEqual(serviceArguments)
  },
)
