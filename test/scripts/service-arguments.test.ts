import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serviceArguments } from '../../scripts/service-arguments'

const root = join(__dirname, '..', '..')

test.each(['producer', 'consumer', 'console'])(
  'the %s is given the same arguments wherever it is started',
  (service) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    expect(scripts[`start:${service}`]).toContain(`node ${serviceArguments.join(' ')} `)
    const main = `dist/services/${service}/main.js`
    const command = JSON.stringify(['node', ...serviceArguments, main]).replaceAll(',', ', ')
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toContain(`CMD ${command}`)
  },
)
