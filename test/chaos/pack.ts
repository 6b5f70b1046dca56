import type { PackDocuments } from '../../src/sandbox/options.ts'

/** The action that every typed command runs. */
export const workAction = 'chaos.work'

/** One alias whose acknowledgement and result hold the word that was typed, and an action that takes no time. */
export const pack: PackDocuments = {
  name: 'chaos',
  aliases: [
    {
      name: 'work',
      action_ref: workAction,
      description: 'Do the work of this name.',
      formats: ['work on {{word}}'],
      ack: { format: 'I work on {{ execution.parameters.word }}.', append_url: false },
      result: { format: 'Done: {{ execution.result.result }}' },
    },
  ],
  actions: [
    {
      name: 'work',
      runner_type: 'python-script',
      description: 'Do the work of this name.',
      parameters: { word: { type: 'string', required: true, description: 'Which.' } },
    },
  ],
  fixtures: { work: { result: { result: '{{ parameters.word }}', exit_code: 0 } } },
}
