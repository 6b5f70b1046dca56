import type { PackDocuments } from './options.ts'

/**
 * The packs that the demo starts with, inside the executable. `examples` holds the alias of
 * StackStorm's own ChatOps guide and one alias for each thing that an author can do with a message;
 * `st2` answers a few of the commands that every StackStorm has, from fixtures.
 */
const examples: PackDocuments = {
  name: 'examples',
  aliases: [
    {
      name: 'remote_shell_cmd',
      action_ref: 'core.remote',
      description: 'Execute a command on a remote host via SSH.',
      formats: ['run {{cmd}} on {{hosts}}'],
    },
    {
      name: 'disk',
      action_ref: 'examples.disk_usage',
      description: 'Show how full the disks of this host are.',
      formats: [
        {
          display: 'disk usage [<path>]',
          representation: ['disk usage {{path=/}}'],
        },
      ],
      ack: { format: 'Looking at `{{ execution.parameters.path }}`…', append_url: false },
      result: {
        format: '{% if execution.status == "succeeded" %}' +
          'Disk usage:{~}```\n{{ execution.result.stdout }}\n```' +
          '{% else %}I could not look:{~}{{ execution.result.stderr }}{% endif %}',
        extra: {
          slack: {
            color: '{% if execution.status == "succeeded" %}good{% else %}danger{% endif %}',
          },
        },
      },
    },
    {
      name: 'deploy',
      action_ref: 'examples.deploy',
      description: 'Deploy a service; takes about three seconds.',
      formats: [
        {
          display: 'deploy <service> to <environment> [version=<version>]',
          representation: ['deploy {{service}} to {{environment}}'],
        },
      ],
      ack: {
        format: 'Deploying *{{ execution.parameters.service }}* ' +
          '{{ execution.parameters.version | default("(latest)") }} to ' +
          '{{ execution.parameters.environment }}.',
      },
      result: {
        format: '{{ execution.result.result.service }} {{ execution.result.result.version }} ' +
          'is on {{ execution.result.result.environment }} after ' +
          '{{ execution.elapsed_seconds | to_human_time_from_seconds }}.' +
          '{~}{% for host in execution.result.result.hosts %}{{ host }}: ok\n{% endfor %}',
        extra: { slack: { color: '#2eb886', fallback: 'deployed' } },
      },
    },
    {
      name: 'rollback',
      action_ref: 'examples.rollback',
      description: 'Roll a service back; fails, to show what a failure looks like.',
      formats: ['rollback {{service}}'],
      ack: { append_url: true },
      result: {
        format: 'Rollback of {{ execution.parameters.service }}: {{ execution.status }}' +
          '{~}{{ execution.result.stderr }}',
        extra: { slack: { color: 'danger' } },
      },
    },
    {
      name: 'say',
      action_ref: 'examples.say',
      description: 'Print a text, without an acknowledgement and with the default message.',
      formats: ['say {{text}}'],
      ack: { enabled: false },
    },
    {
      name: 'quiet',
      action_ref: 'core.noop',
      description: 'Do nothing, and post no result.',
      formats: ['do nothing'],
      ack: { format: 'Doing nothing, and saying no more about it.', append_url: false },
      result: { enabled: false },
    },
    {
      name: 'whisper',
      action_ref: 'chatops.post_message',
      description: 'Send a message that one person alone may see.',
      formats: ['whisper {{message}} to {{user}} in {{channel}}'],
      ack: { enabled: false },
      immutable_parameters: { whisper: true },
      result: { enabled: false },
    },
  ],
  actions: [
    {
      name: 'disk_usage',
      runner_type: 'local-shell-cmd',
      description: 'Show how full the disk under a path is.',
      parameters: {
        path: { type: 'string', default: '/', description: 'Any path on the disk.' },
        cmd: { type: 'string', immutable: true, default: 'df -h -- "$DISK_PATH"' },
        env: { type: 'object', immutable: true, default: { DISK_PATH: '{{ path }}' } },
      },
    },
    {
      name: 'say',
      runner_type: 'local-shell-cmd',
      description: 'Print a text.',
      parameters: {
        text: { type: 'string', required: true, description: 'What to print.' },
        cmd: { type: 'string', immutable: true, default: 'printf "%s" "$SAID"' },
        env: { type: 'object', immutable: true, default: { SAID: '{{ text }}' } },
      },
    },
    {
      name: 'deploy',
      runner_type: 'python-script',
      description: 'Deploy a service.',
      parameters: {
        service: { type: 'string', required: true, description: 'What to deploy.' },
        environment: {
          type: 'string',
          required: true,
          enum: ['staging', 'production'],
          description: 'Where to.',
        },
        version: { type: 'string', default: 'latest', description: 'Which version.' },
        token: { type: 'string', secret: true, description: 'Never shown.' },
      },
    },
    {
      name: 'rollback',
      runner_type: 'python-script',
      description: 'Roll a service back.',
      parameters: { service: { type: 'string', required: true, description: 'Which one.' } },
    },
  ],
  fixtures: {
    deploy: {
      delay: 3,
      result: {
        result: {
          service: '{{ parameters.service }}',
          environment: '{{ parameters.environment }}',
          version: '{{ parameters.version }}',
          hosts: ['web1', 'web2', 'web3'],
        },
        exit_code: 0,
        stdout: '',
        stderr: '',
      },
    },
    rollback: {
      status: 'failed',
      delay: 0.5,
      result: {
        result: 'None',
        exit_code: 1,
        stdout: '',
        stderr: 'There is no earlier version of {{ parameters.service }} to go back to.',
      },
    },
  },
}

const st2: PackDocuments = {
  name: 'st2',
  aliases: [
    {
      name: 'st2_actions_list',
      action_ref: 'st2.actions.list',
      description: 'List available StackStorm actions.',
      formats: ['st2 list actions'],
      ack: { enabled: false },
      result: {
        format: '{{ execution.result.result | length }} actions:' +
          '{~}{% for action in execution.result.result %}' +
          '*{{ action.ref }}*: {{ action.description }}\n{% endfor %}',
      },
    },
    {
      name: 'st2_executions_list',
      action_ref: 'st2.executions.list',
      description: 'List available StackStorm executions.',
      formats: ['st2 list executions'],
      ack: { enabled: false },
    },
  ],
  fixtures: {
    'actions.list': {
      result: {
        result: [
          { ref: 'core.local', description: 'Runs a command on the StackStorm host.' },
          { ref: 'core.remote', description: 'Runs a command on other hosts over SSH.' },
          { ref: 'examples.deploy', description: 'Deploy a service.' },
        ],
        exit_code: 0,
        stdout: '',
        stderr: '',
      },
    },
    'executions.list': {
      result: {
        result: 'The sandbox keeps this list in its API: GET /api/v1/executions',
        exit_code: 0,
        stdout: '',
        stderr: '',
      },
    },
  },
}

/** What `demo` serves when no folder is named. */
export const demoPacks: readonly PackDocuments[] = [examples, st2]
