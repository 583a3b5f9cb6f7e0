import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import './styles/theme.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/parts.css'
import './styles/pages.css'
import { App } from './app'
import { applyTheme } from './data/theme'

applyTheme()
const root = document.getElementById('app')
if (root !== null) {
  root.replaceChildren()
  render(<App />, root)
}
