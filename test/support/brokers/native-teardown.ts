import { endAll } from './to-end'

export default () => endAll('native')
