import { exampleNamed } from '../examples/all'
import { runExample } from './examples/run-example'
import { exitAtOnceWith } from './terminal/exit-with'

/** Shows a pattern on a real broker: 0 when all it promises was kept, 1 when not, and for a name that no example has. */
exitAtOnceWith(() => runExample(exampleNamed(process.argv[2])))
