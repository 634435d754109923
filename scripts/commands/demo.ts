/** `loupe demo`: everything on a real model, in one command. Its work is loaded when it runs. */
import pc from 'picocolors'
import { defineCommand } from '../cli/command'
import { renderStages } from '../cli/stageClock'
import { DEMO_PROMPT, demoOptions } from './demoOptions'
import { renderMetrics } from './evaluate'

export const demo = defineCommand({
  options: demoOptions,
  async run({ options }, context) {
    const { runDemo } = await import('./demoRun')
    return runDemo(options, context)
  },
  render: ({ stages, seconds, metrics, steered, engine, dictionary, pages }) =>
    [
      '',
      renderMetrics(metrics),
      '',
      pc.bold(`Feature #${steered.feature} fires on ${steered.firesOn.join(' ')}`),
      `${pc.dim('prompt ')} ${DEMO_PROMPT}`,
      `${pc.dim('default')} ${steered.default.text}`,
      `${pc.dim('steered')} ${steered.steered.text}`,
      '',
      renderStages(stages, seconds),
      `dictionary ${dictionary}, computed on ${engine}`,
      '',
      ...(pages ? renderPages(pages, steered.feature) : ['npx loupe start shows the results in the browser']),
    ].join('\n'),
})

interface Pages {
  home: string
  feature: string
  steer: string
  /** They ran before the demo. */
  running: boolean
}

function renderPages({ home, feature, steer, running }: Pages, index: number): string[] {
  return [
    `Loupe ${running ? 'already runs' : 'runs'} at ${pc.bold(home)}  (${running ? 'loupe stop' : 'Ctrl-C'} ends it)`,
    `${pc.dim('feature')} #${index}  ${feature}`,
    `${pc.dim('steer')}  ${steer}`,
  ]
}
