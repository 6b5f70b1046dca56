// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import type { ParameterSchemas } from './model.ts'

type RunnerSource = {
  readonly name: string
  readonly description: string
  readonly runner_package: string
  readonly runner_module: string
  readonly runner_parameters: ParameterSchemas
}

/**
 * The runner types of StackStorm's own that the sandbox knows, with the parameters that every action
 * on them has. Casting, masking and validation depend on them, so they are as the server has them.
 */
export const coreRunners: readonly RunnerSource[] = [
  {
    name: 'remote-shell-cmd',
    description: 'A remote execution runner that executes actions as a fixed system user.',
    runner_package: 'remote_runner',
    runner_module: 'remote_command_runner',
    runner_parameters: {
      bastion_host: {
        description:
          'The host SSH connections will be proxied through. Note: This connection is made using the same parameters as the final connection.',
        required: false,
        type: 'string',
      },
      cmd: {
        description: 'Arbitrary Linux command to be executed on the remote host(s).',
        type: 'string',
      },
      cwd: {
        default: '/tmp',
        description: 'Working directory where the script will be executed in',
        type: 'string',
      },
      dir: {
        default: '/tmp',
        description: 'The working directory where the script will be copied to on the remote host.',
        immutable: true,
        type: 'string',
      },
      env: {
        description:
          'Environment variables which will be available to the command(e.g. key1=val1,key2=val2)',
        type: 'object',
      },
      hosts: {
        description:
          'A comma delimited string of a list of hosts where the remote command will be executed. For example: example1.com,example2.com,example3.com:5555',
        required: true,
        type: 'string',
      },
      kwarg_op: {
        default: '--',
        description: 'Operator to use in front of keyword args i.e. "--" or "-".',
        type: 'string',
      },
      parallel: {
        default: false,
        description: 'Default to parallel execution.',
        immutable: true,
        type: 'boolean',
      },
      passphrase: {
        description: 'Passphrase for the private key, if needed.',
        required: false,
        secret: true,
        type: 'string',
      },
      password: {
        description:
          'Password used to log in. If not provided, private key from the config file is used.',
        required: false,
        secret: true,
        type: 'string',
      },
      port: {
        description:
          'SSH port. If not specified as part of the hosts list, default port will be used (22).',
        required: false,
        type: 'integer',
      },
      private_key: {
        description: 'Private key material or path to the private key file on disk used to log in.',
        required: false,
        secret: true,
        type: 'string',
      },
      sudo: {
        default: false,
        description: 'The remote command will be executed with sudo.',
        type: 'boolean',
      },
      sudo_password: {
        default: null,
        description: 'Sudo password. To be used when passwordless sudo is not allowed.',
        type: 'string',
        required: false,
        secret: true,
      },
      timeout: {
        default: 60,
        description:
          "Action timeout in seconds. Action will get killed if it doesn't finish in timeout seconds.",
        type: 'integer',
      },
      username: {
        description:
          'Username used to log-in. If not provided, default username from config is used.',
        required: false,
        type: 'string',
      },
    },
  },
  {
    name: 'local-shell-cmd',
    description: 'A runner to execute local actions as a fixed user.',
    runner_package: 'local_runner',
    runner_module: 'local_shell_command_runner',
    runner_parameters: {
      cmd: {
        description: 'Arbitrary Linux command to be executed on the host.',
        type: 'string',
      },
      cwd: {
        description: 'Working directory where the command will be executed in',
        type: 'string',
      },
      env: {
        description:
          'Environment variables which will be available to the command(e.g. key1=val1,key2=val2)',
        type: 'object',
      },
      kwarg_op: {
        default: '--',
        description: 'Operator to use in front of keyword args i.e. "--" or "-".',
        type: 'string',
      },
      sudo: {
        default: false,
        description: 'The command will be executed with sudo.',
        type: 'boolean',
      },
      sudo_password: {
        default: null,
        description: 'Sudo password. To be used when passwordless sudo is not allowed.',
        type: 'string',
        secret: true,
        required: false,
      },
      timeout: {
        default: 60,
        description:
          "Action timeout in seconds. Action will get killed if it doesn't finish in timeout seconds.",
        type: 'integer',
      },
    },
  },
  {
    name: 'noop',
    description: 'A runner that returns a static response regardless of input parameters',
    runner_package: 'noop_runner',
    runner_module: 'noop_runner',
    runner_parameters: {},
  },
  {
    name: 'inquirer',
    description: 'A runner for Inquiries',
    runner_package: 'inquirer_runner',
    runner_module: 'inquirer_runner',
    runner_parameters: {
      schema: {
        default: {
          title: 'response_data',
          type: 'object',
          properties: {
            continue: {
              type: 'boolean',
              description: 'Would you like to continue the workflow?',
              required: true,
            },
          },
        },
        required: true,
        description: 'A JSON schema that will be used to validate the response data',
        type: 'object',
      },
      route: {
        default: '',
        required: false,
        description:
          'An arbitrary value for allowing rules to route to proper notification channel',
        type: 'string',
      },
      roles: {
        default: [],
        required: false,
        description:
          'A list of roles that are permitted to respond to the action (if nothing provided, all are permitted) - REQUIRES RBAC FEATURES',
        type: 'array',
      },
      users: {
        default: [],
        required: false,
        description:
          'A list of usernames that are permitted to respond to the action (if nothing provided, all are permitted)',
        type: 'array',
      },
      ttl: {
        default: 1440,
        required: true,
        description:
          'Time (in minutes) to wait before timing out the inquiry if no response is received',
        type: 'integer',
      },
    },
  },
  {
    name: 'announcement',
    description: 'A runner for emitting an announcement event on the stream.',
    runner_package: 'announcement_runner',
    runner_module: 'announcement_runner',
    runner_parameters: {
      experimental: {
        default: false,
        description: 'Flag to indicate acknowledgment of using experimental runner',
        required: true,
        type: 'boolean',
      },
      route: {
        default: 'general',
        description:
          'The routing_key used to route the message to consumers. Might be a list of words, delimited by dots.',
        maxLength: 255,
        minLength: 1,
        type: 'string',
      },
    },
  },
  {
    name: 'orquesta',
    description: 'A runner for launching orquesta workflows.',
    runner_package: 'orquesta_runner',
    runner_module: 'orquesta_runner',
    runner_parameters: {},
  },
  {
    name: 'python-script',
    description: 'A runner for launching python actions.',
    runner_package: 'python_runner',
    runner_module: 'python_runner',
    runner_parameters: {
      env: {
        description: 'Environment variables which will be available to the script.',
        type: 'object',
      },
      timeout: {
        default: 600,
        description:
          "Action timeout in seconds. Action will get killed if it doesn't finish in timeout seconds.",
        type: 'integer',
      },
    },
  },
]
