import { startPrivateNode } from '../../../scripts/broker/private-node'

// Starts a node in the folder that the argument names, says that it runs, and waits to be killed.
void startPrivateNode({ directory: process.argv[2] ?? '' }).then((node) => process.stdout.write(`${node.url}\n`))
