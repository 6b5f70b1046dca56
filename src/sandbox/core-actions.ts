// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import type { ParameterSchemas } from './model.ts'

type ActionSource = {
  readonly ref: string
  readonly description: string
  readonly entry_point: string
  readonly runner_type: string
  readonly parameters: ParameterSchemas
}

/** The actions of the packs `core` and `chatops` that commands and the way of a result go through. */
export const coreActions: readonly ActionSource[] = [
  {
    ref: 'core.remote',
    description: 'Action to execute arbitrary linux command remotely.',
    entry_point: '',
    runner_type: 'remote-shell-cmd',
    parameters: {
      cmd: {
        description: 'Arbitrary Linux command to be executed on the remote host(s).',
        required: true,
        type: 'string',
      },
      sudo: {
        immutable: true,
      },
    },
  },
  {
    ref: 'core.local',
    description: 'Action that executes an arbitrary Linux command on the localhost.',
    entry_point: '',
    runner_type: 'local-shell-cmd',
    parameters: {
      cmd: {
        description: 'Arbitrary Linux command to be executed on the local host.',
        required: true,
        type: 'string',
      },
      sudo: {
        immutable: true,
      },
    },
  },
  {
    ref: 'core.noop',
    description: 'Action that does nothing',
    entry_point: '',
    runner_type: 'noop',
    parameters: {},
  },
  {
    ref: 'core.ask',
    description: 'Action for initiating an Inquiry (usually in a workflow)',
    entry_point: '',
    runner_type: 'inquirer',
    parameters: {},
  },
  {
    ref: 'chatops.post_message',
    description: 'Post a message to stream for chatops',
    entry_point: '',
    runner_type: 'announcement',
    parameters: {
      experimental: {
        immutable: true,
        default: true,
      },
      route: {
        default: 'chatops',
      },
      user: {
        type: 'string',
        description: 'Explicitly notify a user',
      },
      whisper: {
        type: 'boolean',
        description: 'Send a private message to user',
        default: false,
      },
      message: {
        type: 'string',
        description: 'Message to send.',
        required: true,
      },
      channel: {
        type: 'string',
        description: 'Channel to post to',
        required: true,
      },
      context: {
        type: 'object',
        description: 'Context for channel (includes type of channel, user, etc.)',
        required: false,
      },
      extra: {
        type: 'object',
        description: 'Extra adapter-specific parameters.',
      },
    },
  },
  {
    ref: 'chatops.post_result',
    description: 'Post an execution result to stream for chatops',
    entry_point: 'workflows/post_result.yaml',
    runner_type: 'orquesta',
    parameters: {
      user: {
        type: 'string',
        description: 'Explicitly notify a user',
      },
      whisper: {
        type: 'boolean',
        description: 'Send a private message to user',
        default: false,
      },
      execution_id: {
        type: 'string',
        description: 'ID of an execution to send',
        required: true,
      },
      channel: {
        type: 'string',
        description: 'Channel to post to',
        required: true,
      },
      route: {
        type: 'string',
        default: 'chatops',
      },
      context: {
        type: 'object',
        description: 'Context for channel (includes type of channel, user, etc.)',
        required: false,
      },
    },
  },
  {
    ref: 'chatops.format_execution_result',
    description: 'Format an execution result for chatops',
    entry_point: 'format_execution_result.py',
    runner_type: 'python-script',
    parameters: {
      execution_id: {
        type: 'string',
        description: 'Id of execution to format',
        required: true,
      },
    },
  },
  {
    ref: 'core.announcement',
    description: 'Action that broadcasts the announcement to all stream consumers.',
    entry_point: '',
    runner_type: 'announcement',
    parameters: {
      experimental: {
        immutable: true,
        default: true,
      },
      route: {
        default: 'general',
      },
      message: {
        type: 'object',
        description: 'Message to broadcast',
      },
    },
  },
]
